import { type Command, Option } from 'commander';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { METHOD_TITLES, MOST_ITEMS, ProjectionMethod } from '../../../protocol/projection.ts';
import { duration, rate } from '../../../protocol/text/number-form.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { cannotWrite } from '../../exporters/output-checks.ts';
import type { OpenModel } from '../../model/open-model.ts';
import type { MapRows } from '../../projection/map-parquet.ts';
import type { MapTable } from '../../projection/map-table.ts';
import type { MapVectors } from '../../projection/map-vectors.ts';
import type { Projection } from '../../projection/project.ts';
import type { RunFolder } from '../../store/run-folder.ts';
import { writeAtomically } from '../../store/atomic-file.ts';
import { paint, paintError, print } from '../../terminal/terminal.ts';
import { type PictureColour, PICTURE_COLOURS } from '../output/picture-colours.ts';
import { addStoreOption, openStoreOf, wholeNumber } from '../store-options.ts';

const KINDS = ['html', 'parquet', 'svg', 'png'] as const;
type Kind = (typeof KINDS)[number];

const MapOptions = z.object({
  model: z.optional(z.string()),
  everything: z._default(z.boolean(), false),
  method: ProjectionMethod,
  seed: z.int(),
  most: z.optional(z.int()),
  colour: z.optional(z.enum(PICTURE_COLOURS)),
  output: z.optional(z.string()),
});
type MapOptions = z.infer<typeof MapOptions>;

/** Neighbours make a file large, and take time: of more items it holds none. */
const NEIGHBOURS_UP_TO = 20_000;
const NEIGHBOURS = 15;

/** `recsys map <run>`. */
export function addMapCommand(program: Command): void {
  const command = program
    .command('map <run>')
    .description("Draw a model's item vectors as a map: a page of its own, a table of places, or a picture.")
    .option('--model <name>', 'model of the run (default: its best with vectors)')
    .option('--everything', 'the model as recsys refit trained it, on all rows')
    .addOption(
      new Option('--method <method>', 'how items are placed')
        .choices(ProjectionMethod.options)
        .default('umap'),
    )
    .addOption(new Option('--seed <n>', 'of what is random').argParser(wholeNumber(0)).default(42))
    .addOption(
      new Option(
        '--most <n>',
        `only the n most frequent items (umap places up to ${MOST_ITEMS.umap}, tsne up to ${MOST_ITEMS.tsne})`,
      ).argParser(wholeNumber(1)),
    )
    .addOption(
      new Option('--colour <by>', 'of pictures, .svg and .png (default: cluster)').choices(PICTURE_COLOURS),
    )
    .option(
      '-o, --output <file>',
      `file to write: .${KINDS.join(', .')} (default: recsys-map-<run>.html here)`,
    )
    .addHelpText(
      'after',
      '\nExamples:\n  recsys map latest\n  recsys map latest --method pca -o map.svg\n  recsys map latest --model prod2vec -o places.parquet',
    );
  addStoreOption(command).action(async (reference: string, given: unknown) => {
    const options = MapOptions.parse(given);
    const run = openStoreOf(given).resolve(reference);
    await writeMap(run, options);
  });
}

interface Target {
  readonly file: string;
  readonly kind: Kind;
}

function targetOf(output: string): Target {
  const ending = path.extname(output).slice(1).toLowerCase();
  const kind = KINDS.find((known) => known === ending);
  if (kind !== undefined) return { file: path.resolve(output), kind };
  throw new UserError(
    `${output} ends in none of .${KINDS.join(', .')}.`,
    'Its ending tells what is written.',
    { exitCode: EXIT.usage },
  );
}

/** @throws UserError where a colour is asked for of a file that has none of its own */
function requireColoured({ file, kind }: Target, { colour }: MapOptions): void {
  if (colour === undefined || kind === 'png' || kind === 'svg') return;
  throw new UserError(
    kind === 'html'
      ? `--colour is for pictures: the colours of ${file} are chosen in the page itself.`
      : `--colour is for pictures: ${file} holds groups, clusters and frequencies alike.`,
    'Leave it out, or write a picture with -o map.svg or -o map.png.',
    { exitCode: EXIT.usage },
  );
}

/** @throws UserError where the data have no groups to colour by */
function requireGroups({ groups }: MapTable, colour: PictureColour | undefined): void {
  if (colour !== 'group' || groups !== undefined) return;
  throw new UserError(
    'The items of this run have no groups to colour by.',
    'Colour by cluster or by frequency, or train on data whose group column is named.',
    { exitCode: EXIT.usage },
  );
}

async function writeMap(run: RunFolder, options: MapOptions): Promise<void> {
  const target = targetOf(options.output ?? `recsys-map-${run.id}.html`);
  requireColoured(target, options);
  const [{ modelFor }, { openRunModel }, { mapVectors }, { mapTable }, { clusterInThread }] =
    await Promise.all([
      import('../../query/choose-model.ts'),
      import('../../query/run-model.ts'),
      import('../../projection/map-vectors.ts'),
      import('../../projection/map-table.ts'),
      import('../../projection/projection-thread.ts'),
    ]);
  const name = options.model ?? modelFor(run, 'neighbours');
  const opened = await openRunModel(run, name, options.everything ? 'everything' : 'evaluated');
  const vectors = mapVectors(opened);
  const table = mapTable(opened, await opened.names(), vectors);
  requireGroups(table, options.colour);
  const made = await projected(run, vectors, opened.name, options);
  const clusters = await clusterInThread(vectors, options.seed, new AbortController().signal);
  const map = { opened, vectors, made, rows: { table, clusters, positions: made.positions } };
  try {
    await writeAtomically(target.file, (temporary) =>
      write(temporary, target.kind, run, map, options.colour ?? 'cluster'),
    );
  } catch (error) {
    throw cannotWrite(target.file, error);
  }
  print(target.file);
  print(paint.dim(summary(made, vectors)));
}

/** Steps are told where someone looks on. */
async function projected(
  run: RunFolder,
  vectors: MapVectors,
  model: string,
  { method, seed, most }: MapOptions,
): Promise<Projection> {
  const { projectionOf } = await import('../../projection/project.ts');
  const isWatched = process.stderr.isTTY;
  const made = await projectionOf(
    run,
    vectors,
    { model, method, seed, most },
    new AbortController().signal,
    ({ stage, epoch, epochs }) => {
      if (!isWatched) return;
      const step = stage === 'settling' ? ` ${epoch} of ${epochs}` : '';
      process.stderr.write(`\r\x1b[K${paintError.dim(`${METHOD_TITLES[method]}: ${stage}${step}`)}`);
    },
  );
  if (isWatched) process.stderr.write('\r\x1b[K');
  return made;
}

function summary(
  { method, positions, quality, seconds, kept, notKept }: Projection,
  vectors: MapVectors,
): string {
  const placed = positions.length / 2;
  const left = vectors.items.length - placed;
  return [
    `${METHOD_TITLES[method]} of ${placed} items${left > 0 ? ` (the most frequent of ${vectors.items.length})` : ''}`,
    quality === undefined
      ? 'too few items to measure how far nearness is kept'
      : `trustworthiness@${quality.neighbours} ${rate(quality.trustworthiness, 3)} (PCA ${rate(quality.pca, 3)}), on ${quality.sampled} items`,
    kept ? 'made earlier' : duration(seconds),
    ...(vectors.withoutDirection > 0 ? [`${vectors.withoutDirection} items have a vector of zeroes`] : []),
    ...(notKept === undefined ? [] : [`not kept beside the run: ${notKept}`]),
  ].join(' · ');
}

interface WholeMap {
  readonly opened: OpenModel;
  readonly vectors: MapVectors;
  readonly made: Projection;
  readonly rows: MapRows;
}

async function write(
  file: string,
  kind: Kind,
  run: RunFolder,
  map: WholeMap,
  colour: PictureColour,
): Promise<void> {
  if (kind === 'parquet') {
    const { writeMapParquet } = await import('../../projection/map-parquet.ts');
    return writeMapParquet(file, map.rows);
  }
  if (kind === 'html') return fs.writeFile(file, await html(run, map));
  const { mapFileSvg, mapPng } = await import('../output/map-picture.ts');
  const title = `${METHOD_TITLES[map.made.method]} of ${map.opened.name} of run ${run.labels().name ?? run.id}`;
  return fs.writeFile(file, kind === 'png' ? mapPng(map.rows, colour) : mapFileSvg(map.rows, colour, title));
}

async function html(run: RunFolder, { opened, vectors, made, rows }: WholeMap): Promise<string> {
  const [{ mapHtml }, { readViewAssets }, { mapItemsReply, ALL_ROWS }, { base64 }, { allNeighbours }] =
    await Promise.all([
      import('../../cards/map-html.ts'),
      import('../../cards/panel-file.ts'),
      import('../../projection/map-table.ts'),
      import('../../projection/base64.ts'),
      import('../../projection/all-neighbours.ts'),
    ]);
  const { method, positions, quality, seconds, seed } = made;
  const known =
    vectors.items.length <= NEIGHBOURS_UP_TO ? allNeighbours(opened, vectors, NEIGHBOURS) : undefined;
  return mapHtml(
    {
      items: mapItemsReply({ run: run.id, label: run.labels().name }, opened, vectors, rows.table, ALL_ROWS),
      clusters: {
        from: 0,
        clusters: base64(rows.clusters.ofRow),
        typical: rows.clusters.typical.map((typical) => [...typical]),
      },
      ...(known === undefined
        ? {}
        : { neighbours: { k: known.k, rows: base64(known.rows), scores: base64(known.scores) } }),
      picture: {
        ...{ stage: 'done', epoch: 0, epochs: 0, method, seconds, seed },
        ...{ from: 0, rows: positions.length / 2 },
        positions: base64(positions),
        ...(quality === undefined ? {} : { quality }),
      },
    },
    await readViewAssets('map'),
  );
}
