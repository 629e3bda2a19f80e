import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recordsOf } from '../../../src/pipeline/data/reading/records.ts';

const parts = fc.constantFrom('a', 'b', ' ', '\t', ',', ';', '::', '\n', '\r\n', '\r', '\u0001', 'é');
const text = fc.array(parts, { maxLength: 40 }).map((all) => all.join(''));

it('a text without quotes has the records it has above a line with quotes, which is read with care', () => {
  fc.assert(
    fc.property(text, fc.constantFrom('\t', ',', ';', '::', '\u0001'), (above, delimiter) => {
      const marks = { delimiter, quote: '"', escape: '"' };
      const careful = recordsOf(`${above}\n"end"`, marks, true);
      expect(careful.at(-1)?.fields).toEqual(['end']);
      expect(recordsOf(`${above}\n`, marks, true)).toEqual(careful.slice(0, -1));
    }),
  );
});
