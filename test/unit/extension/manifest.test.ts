/** What package.json says, against the code; whether VS Code takes it as meant, the suites in VS Code tell. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { COMMAND_IDS, VIEW_ONLY } from '../../../src/extension/commands/command-ids.ts';
import { CONTEXT_KEYS } from '../../../src/extension/runs/context-keys.ts';
import { branchTokens, runTokens } from '../../../src/extension/runs/run-facts.ts';
import { runRow } from '../../vscode/suite/sample-views.ts';

const root = path.resolve();
const raw = fs.readFileSync(path.join(root, 'package.json'), 'utf8');
const Entry = z.object({ command: z.string() });
const { contributes } = z
  .object({
    contributes: z.object({
      commands: z.array(z.extend(Entry, { enablement: z.optional(z.string()) })),
      menus: z.looseObject({
        commandPalette: z.array(Entry),
        'view/item/context': z.array(z.extend(Entry, { when: z.string() })),
      }),
    }),
  })
  .parse(JSON.parse(raw));
const viewOnly: ReadonlySet<string> = VIEW_ONLY;

describe('package.json', () => {
  it('declares each command once', () => {
    expect(contributes.commands.map(({ command }) => command).sort()).toEqual([...COMMAND_IDS].sort());
  });

  it('asks only for context keys that are kept', () => {
    const used = new Set([...raw.matchAll(/\brecsys\.(?:has)[A-Z]\w+/g)].map(([key]) => key));
    expect(used.size).toBeGreaterThan(0);
    expect([...used].filter((key) => !CONTEXT_KEYS.includes(key))).toEqual([]);
  });

  const USES_A_MODEL = ['recsys.export', 'recsys.deploy', 'recsys.serveLocally', 'recsys.predictFile'];

  it.each(USES_A_MODEL)('offers %s of evaluated runs, and of branches that left a model', (id) => {
    const ofRuns = contributes.menus['view/item/context'].filter(
      ({ command, when }) => command === id && when.includes('view == recsys.runs'),
    );
    const [, words = ''] = /viewItem =~ \/(.+)\//.exec(ofRuns[0]?.when ?? '') ?? [];
    const isOffered = (tokens: string): boolean => new RegExp(words).test(tokens);
    const artifacts = [{ name: 'model', file: 'model.json', bytes: 1, sha256: '' }];
    expect(isOffered(runTokens(runRow({ headline: { metric: 'm', value: 1 } })))).toBe(true);
    expect(isOffered(branchTokens({ state: 'succeeded', artifacts }))).toBe(true);
    expect(isOffered(runTokens(runRow()))).toBe(false);
    expect(isOffered(branchTokens({ state: 'failed', artifacts }))).toBe(false);
  });

  it('says for each command where the palette offers it', () => {
    const listed = new Set(contributes.menus.commandPalette.map(({ command }) => command));
    expect(COMMAND_IDS.filter((id) => !listed.has(id))).toEqual(['recsys.showOutput']);
  });

  it('lets nothing start a process in an untrusted workspace', () => {
    const wrong = contributes.commands.filter(
      ({ command, enablement }) => (enablement === 'isWorkspaceTrusted') === viewOnly.has(command),
    );
    expect(wrong).toEqual([]);
  });

  it('has a text for every %key%, and a key for every text', () => {
    const texts = z
      .record(z.string(), z.string())
      .parse(JSON.parse(fs.readFileSync(path.join(root, 'package.nls.json'), 'utf8')));
    const used = new Set([...raw.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? ''));
    expect([...used].sort()).toEqual(Object.keys(texts).sort());
  });

  it('names only files that are there', () => {
    const files = [...raw.matchAll(/"(?:\.\/)?(media\/[^"]+)"/g)].map(([, file]) => file ?? '');
    expect(files.length).toBeGreaterThanOrEqual(6);
    expect(files.filter((file) => !fs.existsSync(path.join(root, file)))).toEqual([]);
  });
});
