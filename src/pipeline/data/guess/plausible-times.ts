/** Tells times from names that are written like them: `4001-57` is no month. */

const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  Y: [1900, 2100],
  m: [1, 12],
  d: [1, 31],
  H: [0, 24],
  I: [1, 12],
  M: [0, 59],
  S: [0, 60],
  y: [0, 99],
};
/** Share of the texts that must be times: a few may be mistakes. */
const MOST = 0.9;

/** Whether most of the texts, which have the shapes of these strptime formats, may be times by one of them. */
export function mostAreTimes(texts: readonly string[], formats: readonly string[]): boolean {
  const fields = formats.map((format) =>
    Array.from(format.matchAll(/%([YmdHIMSy])/g), ([, field = '']) => field),
  );
  const may = texts.filter((text) => {
    const numbers = text.match(/\d+/g) ?? [];
    return fields.some((own) => fits(numbers, own));
  });
  return may.length >= MOST * texts.length;
}

/** Digits that belong together, fractions and zones are not told apart here: other numbers than fields are let pass. */
function fits(numbers: readonly string[], fields: readonly string[]): boolean {
  if (numbers.length !== fields.length) return true;
  return fields.every((field, at) => {
    const [least, most] = RANGES[field] ?? [0, Infinity];
    const value = Number(numbers[at]);
    return value >= least && value <= most;
  });
}
