/** The map of a model's item vectors. */
import * as z from 'zod/mini';
import {
  LONGEST_KEYWORD,
  MapMark,
  MapOf,
  MarkQuestion,
  ProjectionMethod,
  ProjectionProgress,
  ProjectionQuality,
} from '../projection.ts';
import { Bytes } from './bytes.ts';
import { definePanelContract } from './contract.ts';

const Done = z.null();

export const MapColour = z.enum(['none', 'group', 'frequency', 'cluster', ...MapMark.options]);
export type MapColour = z.infer<typeof MapColour>;

export const MapTool = z.enum(['pan', 'lasso']);
export type MapTool = z.infer<typeof MapTool>;

export const MapLasso = z.object({
  method: ProjectionMethod,
  /** Of a closed line on the plane of the method, x and y in turn. */
  corners: z.array(z.number()),
});
export type MapLasso = z.infer<typeof MapLasso>;

/** What a person chose; what is selected is kept as what selects it. */
export const MapState = z.object({
  method: ProjectionMethod,
  colour: MapColour,
  /** The word that items are coloured by where that is chosen. */
  keyword: z.optional(z.string().check(z.maxLength(LONGEST_KEYWORD))),
  tool: MapTool,
  labels: z.boolean(),
  search: z.string(),
  /** Entries of the legend that are hidden. */
  hidden: z.array(z.string()),
  /** What is looked at, and on the plane of which method; absent: everything. */
  camera: z.optional(z.object({ x: z.number(), y: z.number(), scale: z.number(), method: ProjectionMethod })),
  lasso: z.optional(MapLasso),
  /** Item code of the item that was clicked. */
  item: z.optional(z.int()),
});
export type MapState = z.infer<typeof MapState>;

/** All rows come in parts, in order: each goes on from a row. A part from row 0 begins anew. */
const part = { from: z.int().check(z.nonnegative()) };

/** The items, the most frequent in training first; arrays by row. */
export const MapItems = z.object({
  ...MapOf.shape,
  ...part,
  /** int32 */
  codes: Bytes,
  /** UTF-8, one after another, and where each ends among those of this part: uint32 */
  names: Bytes,
  nameEnds: Bytes,
  /** Training rows: uint32 */
  counts: Bytes,
  /** int32, −1 for none, and which part of a name is the group's. */
  groups: z.optional(z.object({ codes: Bytes, part: z.optional(z.int()) })),
});
export type MapItems = z.infer<typeof MapItems>;

export const MapPicture = z.object({
  ...ProjectionProgress.shape,
  ...part,
  method: ProjectionMethod,
  /** Rows that are placed, in all. */
  rows: z.int(),
  /** x and y of the rows of this part: float32 */
  positions: Bytes,
  quality: z.optional(ProjectionQuality),
  seconds: z.optional(z.number()),
  seed: z.optional(z.int()),
  notKept: z.optional(z.string()),
});
export type MapPicture = z.infer<typeof MapPicture>;

export const mapPanel = definePanelContract({
  name: 'map',
  version: 2,
  /** The run by its folder, and the model where another than the best with vectors is meant. */
  key: z.object({ run: z.string().check(z.minLength(1)), model: z.optional(z.string()) }),
  state: MapState,
  requests: {
    /** Makes or finds the picture of a method; it comes as events. */
    start: { params: z.object({ method: ProjectionMethod }), reply: Done },
    stop: { params: z.object({}), reply: Done },
    /** Asks for the items anew, which could not be had. */
    again: { params: z.object({}), reply: Done },
    /** The run's models that have a map. */
    models: { params: z.object({}), reply: z.object({ models: z.array(z.string()) }) },
    openModel: { params: z.object({ model: z.string() }), reply: Done },
    /** Of the rows from one on: uint32, as `MarksReply` tells. */
    marks: {
      params: z.object({ ...part, ...MarkQuestion.shape }),
      reply: z.object({ values: Bytes, of: z.int() }),
    },
    /** The items nearest to one in the model, by their codes. */
    neighbours: {
      params: z.object({ item: z.int() }),
      reply: z.object({ items: z.array(z.int()), scores: z.array(z.number()) }),
    },
    copy: { params: z.object({ text: z.string() }), reply: Done },
    /** Asks where to save a file, and writes it. */
    save: {
      params: z.object({ name: z.string(), content: z.union([z.string(), z.instanceof(Uint8Array)]) }),
      reply: Done,
    },
  },
  events: {
    items: MapItems,
    /** Cluster of each row: uint8. The rows that are typical of each. */
    clusters: z.object({ ...part, clusters: Bytes, typical: z.array(z.array(z.int())) }),
    picture: MapPicture,
    progress: z.object({ ...ProjectionProgress.shape, method: ProjectionMethod }),
    /** In a file, where nobody can be asked: rows (int32, −1 for none) and scores (float32), k a row. */
    neighbours: z.object({ k: z.int().check(z.minimum(1)), rows: Bytes, scores: Bytes }),
    /** The list that the explorer is making, by names, the oldest first. */
    path: z.object({ items: z.array(z.string()) }),
    failed: z.object({
      /** What could not be had. */
      what: z.enum(['items', 'clusters', 'picture']),
      message: z.string(),
      hint: z.optional(z.string()),
    }),
  },
  strings: {
    title: 'Map of {0}',
    by: '{0} of run {1}',
    loading: 'Reading the items…',
    items: '{0} items, {1} dimensions',
    withoutVector: '{0} items have no vector: the model knows too little of them',
    withoutDirection: '{0} items have a vector of zeroes and no place',
    unplaced: '{0} places the {1} most frequent items only',
    caution:
      'Distances on the map are not the model’s: what is near mostly is near there too, but large distances, sizes and gaps mean nothing.',
    quality: 'Trustworthiness {0} (PCA {1}) over the {2} nearest, on {3} items',
    noQuality: 'Too few items to measure how far nearness is kept.',
    seed: 'seed {0}',
    notKept: 'It could not be kept beside the run: {0}',
    method: 'Method',
    colour: 'Colour by',
    'colour none': 'nothing',
    'colour group': 'group',
    'colour frequency': 'frequency',
    'colour cluster': 'cluster',
    'colour split': 'part of the data',
    'colour hits': 'hit or miss',
    'colour keyword': 'word in names of lists',
    keyword: 'Word',
    'split train': 'in training only',
    'split validation': 'in validation too',
    'split test': 'in the test part',
    splitNote: 'The newest part of the data that an item stands in.',
    'hits notAsked': 'never asked for',
    'hits missed': 'never hit',
    'hits seldom': 'hit in less than half',
    'hits often': 'hit in half or more',
    hitsNote: '{0} items were asked for by test queries. A hit: among the {1} best of {2}.',
    'keyword none': 'in no such list',
    keywordCount: 'in {0} to {1} such lists',
    keywordMany: 'in {0} such lists or more',
    keywordNote: '{0} lists hold the word in their name. Colours: in how many of them an item stands.',
    model: 'Model',
    tryAgain: 'Try again',
    path: 'Your list',
    pathNote: 'The list that the explorer is making, in its order.',
    pathOff: '{0} of its items are not on this map.',
    tool: 'Dragging',
    'tool pan': 'Move',
    'tool lasso': 'Select',
    labels: 'Names',
    search: 'Search items',
    found: '{0} found',
    none: 'No item is called so.',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    showAll: 'Show all',
    zoomToSelection: 'Zoom to selection',
    stop: 'Stop',
    stopped: 'Stopped.',
    goOn: 'Go on',
    'stage starting': 'starting',
    'stage neighbours': 'finding nearest items',
    'stage settling': 'step {0} of {1}',
    'stage measuring': 'measuring',
    'stage done': 'ready',
    canvas:
      '{0} items as points. Arrow keys move, plus and minus zoom, 0 shows all. All that is shown here is listed beside it.',
    legend: 'Legend',
    allItems: 'Items',
    otherGroups: 'other groups',
    noGroup: 'no group',
    groupOf: 'like {0}',
    upTo: '{0} to {1} rows',
    andMore: '{0} rows or more',
    cluster: '{0}',
    clusters: 'By k-means on the model’s vectors, each named by its most typical items.',
    selection: 'Selected',
    matches: 'Found',
    inView: 'In view',
    count: '{0} items',
    countOne: '1 item',
    more: 'and {0} more: save the list to have them all',
    copyList: 'Copy',
    saveList: 'Save List…',
    clear: 'Clear',
    copied: 'Copied',
    savePng: 'Save PNG…',
    saveSvg: 'Save SVG…',
    nothingSelected: 'Drag with Select around points, or search, to make a list.',
    nothingInView: 'No items are in view.',
    rows: '{0} training rows',
    neighbours: 'Nearest in the model',
    keptNear: '{0} of its {1} nearest are among the {1} nearest on the map.',
    noNeighbours: 'The model relates no others to it.',
    notInFile: 'This file holds no neighbours: there are too many items.',
    offMap: 'not on the map',
    close: 'Close',
    unreadable: 'The data in this file cannot be read.',
    writeAgain: 'Write the map again: recsys map <run>',
  },
});
export type MapPanelContract = typeof mapPanel;
