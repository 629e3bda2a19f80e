/** What is there at AWS and what it costs, as people read it. */
import type { CostsReport, HourlyPrice, MadeThing, UnpricedThing } from '../../../protocol/costs.ts';
import { formatBytes, formatDollars, oneOrMany, roughSeconds } from '../../../protocol/text/format.ts';
import { plainText } from '../../terminal/format.ts';
import { paint, table } from '../../terminal/terminal.ts';

const KINDS: Readonly<Record<MadeThing['kind'], string>> = {
  endpoint: 'endpoint',
  stack: 'REST front',
  transform: 'batch transform',
  object: 'object',
  upload: 'cut-off upload',
  bucket: 'bucket',
  component: 'inference component',
  clock: 'clock',
  'endpoint-config': 'configuration',
  model: 'model',
};

function priceText(price: HourlyPrice): string {
  switch (price.type) {
    case 'known':
      return price.each === undefined
        ? formatDollars(price.usd)
        : `${formatDollars(price.usd)} now, ${formatDollars(price.each)} each when up`;
    case 'by-request':
      return '0 when idle';
    case 'by-storage':
      return 'by size';
    case 'nothing':
      return '0';
    case 'unknown':
      return 'unknown';
  }
}

function ageText({ created }: MadeThing): string {
  if (created === undefined) return '';
  const hours = (Date.now() - Date.parse(created)) / 3_600_000;
  return hours >= 48 ? `${Math.floor(hours / 24)} days` : roughSeconds(hours * 3600);
}

function endsText({ expires, isOver }: MadeThing): string {
  if (expires === undefined) return '';
  return isOver ? `OVER since ${expires.slice(0, 16)}` : expires.slice(0, 16);
}

/** One line a thing. */
export function thingLines(things: readonly UnpricedThing[]): string[] {
  return things.map(({ kind, name, region, on, bytes }) => {
    const more = [on, bytes === undefined ? undefined : formatBytes(bytes)].filter(Boolean).join(', ');
    return plainText(`${KINDS[kind]} ${name} in ${region}${more === '' ? '' : ` (${more})`}`);
  });
}

export function costLines(report: CostsReport): string[] {
  const { things, regions } = report;
  const looked = `${regions.length} regions of account ${report.account}`;
  if (things.length === 0) return [`RecSys has left nothing in ${looked}.`];
  const rows = things.map((thing, at) => [
    ...[String(at + 1), KINDS[thing.kind], thing.name, thing.region, thing.on ?? '', ageText(thing)],
    ...[priceText(thing.price), thing.soFar === undefined ? '' : formatDollars(thing.soFar)],
    ...[thing.workspace ?? (thing.byName ? 'by its name' : ''), thing.owner ?? '', endsText(thing)],
  ]);
  const heading = [
    '',
    'what',
    'name',
    'region',
    'on',
    'age',
    'an hour',
    'so far',
    'workspace',
    'owner',
    'ends',
  ];
  return [
    table(
      heading,
      rows.map((row) => row.map(plainText)),
      [0, 6, 7],
    ),
    '',
    ...things.map(({ remove }, at) => paint.dim(`${at + 1}: ${plainText(remove)}`)),
    '',
    ...sums(report),
    `Looked at ${looked}.`,
  ];
}

function sums({ things, hourly, soFar, unknownPrices }: CostsReport): string[] {
  const asked = things.flatMap(({ price }) => (price.type === 'known' ? [price.asked.slice(0, 10)] : []));
  const oldest = asked.toSorted()[0];
  const whys = new Set(things.flatMap(({ price }) => (price.type === 'unknown' ? [price.why] : [])));
  return [
    ...(oldest === undefined
      ? []
      : [
          `${paint.bold(`${formatDollars(hourly)} an hour`)}, about ${formatDollars(soFar)} so far at the present size; AWS's prices of ${oldest}.`,
        ]),
    ...(unknownPrices === 0
      ? []
      : [
          paint.yellow(
            `! ${oneOrMany(unknownPrices, 'One price is', (n) => `${n} prices are`)} unknown: ${plainText([...whys].join('; '))}`,
          ),
        ]),
  ];
}
