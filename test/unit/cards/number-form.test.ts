import { expect, it } from 'vitest';
import { sectionText } from '../../../src/pipeline/terminal/section-text.ts';
import { NumberForm } from '../../../src/protocol/panels/section.ts';
import { writer } from '../../../src/protocol/text/number-form.ts';

const VALUES = [0, 0.0004, -0.05, 0.995, 12.34, 75.2, 123_456.7, 8_000_000];
const CASES = NumberForm.options.flatMap((form) => VALUES.map((value) => ({ form, value })));

it.each(CASES)('$value as $form is the same in a terminal and on a card', ({ form, value }) => {
  const figure = { label: 'a figure', value, form };
  const text = sectionText({
    title: 'figures',
    tab: 'run',
    blocks: [{ type: 'figures', figures: [figure] }],
  });
  expect(text.split('\n').at(-1)).toBe(`a figure ${writer(form)(value)}`);
});

it('writes each form as its definition says', () => {
  const written = NumberForm.options.map((form) => writer(form)(0.099));
  expect(written).toEqual(['0.099', '.0990', '9.9 %', '0', '0.099 s', '0 B']);
  expect(writer()(1234.5)).toBe('1,235');
});
