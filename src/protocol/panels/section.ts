/**
 * A part of the result card that a flow describes as data. The card draws it without knowing the flow, so a flow needs
 * no code in any view.
 */
import * as z from 'zod/mini';

/**
 * How a number is written: a `rate` in [0, 1] as `.0990`, a `share` of one as `9.9 %`, a `count` in groups of three,
 * `seconds` as a duration, `bytes` with their unit; a `number` with three significant digits.
 */
export const NumberForm = z.enum(['number', 'rate', 'share', 'count', 'seconds', 'bytes']);
export type NumberForm = z.infer<typeof NumberForm>;

/** A 95 % interval around a value. */
export const SectionInterval = z
  .object({ low: z.number(), high: z.number() })
  .check(z.refine(({ low, high }) => low <= high, { error: 'an interval ends before it begins' }));
export type SectionInterval = z.infer<typeof SectionInterval>;

/** One value with its name, as a tile. */
export const SectionFigure = z.object({
  label: z.string(),
  value: z.union([z.number(), z.string()]),
  form: z.optional(NumberForm),
  /** Written after the value: `€`, `clicks`. */
  unit: z.optional(z.string()),
  interval: z.optional(SectionInterval),
  /** A few words below: what the value rests on. */
  note: z.optional(z.string()),
});
export type SectionFigure = z.infer<typeof SectionFigure>;

const FiguresBlock = z.object({ type: z.literal('figures'), figures: z.array(SectionFigure) });

const TextBlock = z.object({
  type: z.literal('text'),
  text: z.string(),
  /** A warning stands in a frame of its own; a note is small. */
  tone: z.optional(z.enum(['plain', 'note', 'warning'])),
});

export const SectionColumn = z.object({ label: z.string(), form: z.optional(NumberForm) });
export type SectionColumn = z.infer<typeof SectionColumn>;

/** A number is written in its column's form; `null` is drawn as a dash. */
export const SectionCell = z.union([z.number(), z.string(), z.null()]);
export type SectionCell = z.infer<typeof SectionCell>;

const TableBlock = z
  .object({
    type: z.literal('table'),
    /** What the table holds, for people who only hear it. */
    caption: z.string(),
    columns: z.array(SectionColumn).check(z.minLength(1)),
    /** The first cell of a row is its heading. */
    rows: z.array(z.array(SectionCell)),
  })
  .check(
    z.refine(({ columns, rows }) => rows.every((row) => row.length === columns.length), {
      error: 'a row of a table has another length than its columns',
    }),
  );

export const SectionAxis = z.object({ label: z.string(), form: z.optional(NumberForm) });
export type SectionAxis = z.infer<typeof SectionAxis>;

const LineChartBlock = z.object({
  type: z.literal('lineChart'),
  caption: z.string(),
  x: SectionAxis,
  y: SectionAxis,
  /** The y axis is logarithmic; its values are above zero. */
  log: z.optional(z.boolean()),
  lines: z
    .array(z.object({ name: z.string(), points: z.array(z.tuple([z.number(), z.number()])) }))
    .check(z.minLength(1)),
});

const BarChartBlock = z.object({
  type: z.literal('barChart'),
  caption: z.string(),
  value: SectionAxis,
  bars: z
    .array(z.object({ label: z.string(), value: z.number(), interval: z.optional(SectionInterval) }))
    .check(z.minLength(1)),
});

export const SectionBlock = z.discriminatedUnion('type', [
  FiguresBlock,
  TextBlock,
  TableBlock,
  LineChartBlock,
  BarChartBlock,
]);
export type SectionBlock = z.infer<typeof SectionBlock>;

export const CardSection = z.object({
  title: z.string(),
  /** Where it stands: one of the card's own tabs (`tuning`, `results`, `training`, `data`, `run`), or the title of another. */
  tab: z.string(),
  blocks: z.array(SectionBlock),
});
export type CardSection = z.infer<typeof CardSection>;
