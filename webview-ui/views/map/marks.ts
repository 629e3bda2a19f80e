/** What rows are marked by, and the colours that tell of it. */
import { countColouring, markColouring, type Colouring } from '../../../src/drawing/colouring.ts';
import {
  HIT_MARKS,
  MARK_DEPTH,
  MapMark,
  SPLIT_MARKS,
  type MarkQuestion,
} from '../../../src/protocol/projection.ts';
import type { MapPanelContract, MapState } from '../../../src/protocol/panels/map.ts';
import { countsOf } from '../../kit/bytes.ts';
import { count, cut } from '../../kit/format.ts';
import type { PanelHost } from '../../kit/host.ts';
import type { MapText } from './map-text.ts';

export interface Marks {
  readonly question: MarkQuestion;
  /** Of each row; see `MarksReply`. */
  readonly values: Uint32Array;
  readonly of: number;
}

/** What is to be asked for the colour that was chosen; undefined where that needs no asking, or a word first. */
export function markQuestion({ colour, keyword = '' }: MapState): MarkQuestion | undefined {
  const by = MapMark.options.find((mark) => mark === colour);
  if (by === undefined) return undefined;
  if (by !== 'keyword') return { by };
  return keyword.trim() === '' ? undefined : { by, keyword: keyword.trim() };
}

/** Asks for the marks of all rows, part after part. @throws Error where they are of other rows */
export async function fetchMarks(
  host: PanelHost<MapPanelContract>,
  question: MarkQuestion,
  rows: number,
  signal: AbortSignal,
): Promise<Marks> {
  const found = new Uint32Array(rows);
  for (let from = 0; ;) {
    const { values, of } = await host.request('marks', { ...question, from }, signal);
    const part = countsOf(values);
    if (from + part.length > rows || (part.length === 0 && from < rows))
      throw new Error('marks of other items');
    found.set(part, from);
    from += part.length;
    if (from === rows) return { question, values: found, of };
  }
}

export function isOf(marks: Marks | undefined, question: MarkQuestion | undefined): boolean {
  return marks?.question.by === question?.by && marks?.question.keyword === question?.keyword;
}

/** Places of colours: grey for what is usual, red for misses, green for hits. */
const SPLIT_PLACES = { train: -1, validation: 0, test: 1 } as const;
const HIT_PLACES = { notAsked: -1, missed: 3, seldom: 9, often: 2 } as const;

export function marksColouring({ question, values }: Marks, text: MapText): Colouring {
  switch (question.by) {
    case 'split':
      return markColouring(
        values,
        SPLIT_MARKS.map((id) => ({ id, label: text(`split ${id}`), place: SPLIT_PLACES[id] })),
      );
    case 'hits':
      return markColouring(
        values,
        HIT_MARKS.map((id) => ({ id, label: text(`hits ${id}`), place: HIT_PLACES[id] })),
      );
    case 'keyword':
      return countColouring(
        values,
        (from, to) =>
          to === undefined ? text('keywordMany', count(from)) : text('keywordCount', count(from), count(to)),
        text('keyword none'),
      );
  }
}

/** What stands below the legend. */
export function marksNote({ question, of }: Marks, model: string, text: MapText): string {
  switch (question.by) {
    case 'split':
      return text('splitNote');
    case 'hits':
      return text('hitsNote', count(of), String(MARK_DEPTH), cut(model, 60));
    case 'keyword':
      return text('keywordNote', count(of));
  }
}
