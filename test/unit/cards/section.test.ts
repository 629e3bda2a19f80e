import { describe, expect, it } from 'vitest';
import { CardSection, SectionBlock } from '../../../src/protocol/panels/section.ts';
import { CardData } from '../../../src/protocol/run-view.ts';
import { addedSectionsCard, sectionsCard } from '../../fixtures/synthetic-sections.ts';

describe('sections of a card', () => {
  it.each([sectionsCard(), addedSectionsCard()])('cross a process as they are', (card) => {
    expect(CardData.parse(JSON.parse(JSON.stringify(card)))).toEqual(card);
  });

  it.each([
    ['a row of another length', { type: 'table', caption: '', columns: [{ label: 'a' }], rows: [[1, 2]] }],
    ['no column', { type: 'table', caption: '', columns: [], rows: [] }],
    [
      'an interval that ends before it begins',
      { type: 'figures', figures: [{ label: 'a', value: 1, interval: { low: 2, high: 1 } }] },
    ],
    ['an unknown form', { type: 'figures', figures: [{ label: 'a', value: 1, form: 'euro' }] }],
    ['no bars', { type: 'barChart', caption: '', value: { label: '' }, bars: [] }],
    ['an unknown block', { type: 'video' }],
  ])('are refused with %s', (_, block) => {
    expect(SectionBlock.safeParse(block).success).toBe(false);
    expect(CardSection.safeParse({ title: 'a', tab: 'b', blocks: [block] }).success).toBe(false);
  });
});
