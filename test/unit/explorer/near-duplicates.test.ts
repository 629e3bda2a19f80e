import { describe, expect, it } from 'vitest';
import { versionKey, withoutVersion } from '../../../src/pipeline/query/explorer/near-duplicates.ts';
import { patience } from '../support/patience.ts';

const ORIGINAL = 'Björk|||Jóga';

describe('near-duplicates', () => {
  it.each([
    'Björk|||Jóga - Live',
    'Björk|||Jóga – Live at the Royal Opera House',
    'Björk|||Jóga (Live)',
    'Björk|||Jóga [2011 Remaster]',
    'Björk|||Jóga - Remastered 2009',
    'Björk|||Jóga - Radio Edit',
    'Björk|||Jóga - Live at X 1999',
    'Björk|||Jóga - Live, 1999',
    'Björk|||Jóga - 2011 Remaster',
    'Björk|||Jóga - 2009 Digital Remaster',
    'Björk|||Jóga - Live / Remastered 2009',
    'Björk|||Jóga - 20th Anniversary Edition',
    'Björk|||Jóga - Acoustic Version',
    'Björk|||Jóga (Acoustic)',
    'Björk|||Jóga (Live) - 2011 Remaster',
    'bjork|||JOGA',
    'Björk|||Jóga  (Album Version) ',
  ])('%s is a version', (name) => {
    expect(versionKey(name)).toBe(versionKey(ORIGINAL));
  });

  it.each([
    'Björk|||Jóga (Howie B Remix)',
    'Björk|||Jóga - Part 2',
    'Björk|||Jóga - Pt. 2 (Live)',
    'Björk|||Jóga (Instrumental Version)',
    'Björk|||Jóga - Instrumental Version',
    'Björk|||Jóga (Karaoke Version)',
    'Björk|||Jóga - Karaoke Version',
    'Björk|||Jóga (Acoustic Cover)',
    'Björk|||Jóga - Acoustic Cover',
    'Björk|||Jóga (Clean Bandit Remix)',
    'Björk|||Jóga - Clean Bandit Remix',
    'Björk|||Jóga (Extended Remix Edit)',
    'Björk|||Jóga - Extended Remix Edit',
    'Björk|||Jóga - Live and Let Die',
    'Björk|||Jóga (feat. Nobody)',
    'Björk|||Jóga Alive',
    'Other|||Jóga',
    'Björk - Live|||Jóga',
    'Björk|||Jóga!',
  ])('%s is another item', (name) => {
    expect(versionKey(name)).not.toBe(versionKey(ORIGINAL));
  });

  it('keeps a title that is nothing but an addition, and what is empty', () => {
    expect(withoutVersion('Artist|||(Live)')).toBe('Artist|||(Live)');
    expect(withoutVersion('Live')).toBe('Live');
    expect(withoutVersion('')).toBe('');
    expect(withoutVersion('James Bond - Live and Let Die')).toBe('James Bond - Live and Let Die');
    expect(withoutVersion('Queen - Radio Ga Ga')).toBe('Queen - Radio Ga Ga');
    expect(withoutVersion('Queen - Radio Ga Ga - Live')).toBe('Queen - Radio Ga Ga');
    expect(versionKey('C++')).not.toBe(versionKey('C'));
    expect(versionKey('Don’t Stop')).toBe(versionKey("Don't stop"));
  });

  it('takes a hostile name in time that does not explode', () => {
    const began = performance.now();
    for (const name of [
      `${'('.repeat(990)}live`,
      ' - live'.repeat(140),
      `x${' '.repeat(990)}-`,
      'a'.repeat(1e6),
    ])
      versionKey(name);
    expect(performance.now() - began).toBeLessThan(patience(500));
  });
});
