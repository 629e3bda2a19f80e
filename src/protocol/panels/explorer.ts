/** The explorer: items, their neighbours, a list in the making, and models side by side. One for each run store. */
import * as z from 'zod/mini';
import {
  ExcludedGroups,
  explorerMethods,
  LONGEST_LIST,
  ModelReference,
  Outcome,
  SequencePart,
  SliceChoice,
} from '../engine/explorer.ts';
import { itemMethods } from '../engine/items.ts';
import { definePanelContract } from './contract.ts';

export const ExplorerTab = z.enum(['item', 'list', 'queries']);
export type ExplorerTab = z.infer<typeof ExplorerTab>;

/** A run that can be asked, as its choice shows it. */
export const ExplorableRun = z.object({ id: z.string(), label: z.string() });
export type ExplorableRun = z.infer<typeof ExplorableRun>;

/** Items that were walked through, at most. */
export const LONGEST_TRAIL = 100;

export const ExplorerState = z.object({
  tab: ExplorerTab,
  /** The run and model that answer, where a person chose them, and those beside. */
  asked: z.optional(ModelReference),
  beside: z.optional(ModelReference),
  /** Items that were walked through, and which of them is shown; −1: none. */
  trail: z.array(z.string()).check(z.maxLength(LONGEST_TRAIL)),
  at: z.int(),
  /** The list in the making, the oldest first. */
  list: z.array(z.string()).check(z.maxLength(LONGEST_LIST)),
  keepSeen: z.boolean(),
  fold: z.boolean(),
  exclude: ExcludedGroups,
  minRows: z.optional(z.int()),
  maxRows: z.optional(z.int()),
  part: z.optional(SequencePart),
  /** First of the sequences and of the test queries that are shown. */
  sequencesFrom: z.int(),
  slice: z.optional(SliceChoice),
  outcome: Outcome,
  queriesFrom: z.int(),
  /** The recommendation whose reasons are shown: by the model that answers, or by the one beside. */
  why: z.optional(z.object({ item: z.string(), by: z.enum(['asked', 'beside']) })),
  scroll: z.number(),
});
export type ExplorerState = z.infer<typeof ExplorerState>;

const ask = <M extends { readonly params: z.ZodMiniType; readonly reply: z.ZodMiniType }>({
  params,
  reply,
}: M): Pick<M, 'params' | 'reply'> => ({ params, reply });

export const explorerPanel = definePanelContract({
  name: 'explorer',
  version: 1,
  /** Folder of the run store. */
  key: z.string().check(z.minLength(1)),
  state: ExplorerState,
  requests: {
    search: ask(itemMethods['items/search']),
    models: ask(explorerMethods['explorer/models']),
    item: ask(explorerMethods['explorer/item']),
    sequences: ask(explorerMethods['explorer/sequences']),
    list: ask(explorerMethods['explorer/list']),
    why: ask(explorerMethods['explorer/why']),
    queries: ask(explorerMethods['explorer/queries']),
    openCard: { params: z.object({ run: z.string() }), reply: z.null() },
    /** The list is another now: maps of the store's runs draw it. */
    keepList: {
      params: z.object({ items: z.array(z.string()).check(z.maxLength(LONGEST_LIST)) }),
      reply: z.null(),
    },
    /** Of the model, where it has vectors; else of the run's best that has some. */
    openMap: { params: z.object({ run: z.string(), model: z.optional(z.string()) }), reply: z.null() },
  },
  events: {
    /** Runs with a report, the newest first, and which run and model answer where none is chosen. */
    runs: z.object({ runs: z.array(ExplorableRun), answering: z.optional(ModelReference) }),
    /** Something is to be shown: an item, a list, or what a run's models make of items. */
    show: z
      .strictObject({
        item: z.optional(z.string()),
        items: z.optional(z.array(z.string())),
        ...ModelReference.shape,
      })
      .check(
        z.refine(({ item, items, run }) => item !== undefined || items !== undefined || run !== undefined, {
          error: 'nothing is to be shown',
        }),
      ),
    failed: z.object({ message: z.string(), hint: z.optional(z.string()) }),
  },
  strings: {
    title: 'Explorer',
    back: 'Back',
    forward: 'Forward',
    searchLabel: 'Find an item',
    searchHint: 'Find an item…',
    searchNone: 'No item is called so, or nearly so.',
    searchFuzzy: 'similar spelling',
    found: '{0} items found',
    rows: '{0} rows',
    model: 'Model',
    run: 'Run',
    besideModel: 'Model beside',
    besideRun: 'Run beside',
    automatic: 'Best for the question',
    untested: '{0} (not tested)',
    compare: 'Compare with a model…',
    stopComparing: 'Stop comparing',
    openCard: 'Open result card',
    openMap: 'Show on the map',
    parts: 'Parts of the explorer',
    tabItem: 'Item',
    tabList: 'Your list',
    tabListOf: 'Your list ({0})',
    tabQueries: 'Test queries',
    noRuns: 'There is no finished run to explore.',
    noRunsHint: 'Train one with “RecSys: Train”; it appears here by itself.',
    start: 'Start with an item',
    startHint:
      'Find one above by its name. Its neighbours lead on to others; pin items to make a list and see what a model recommends after it.',
    walked: 'Walked through',
    trainRows: 'Training rows',
    rank: 'Frequency rank',
    rankOf: 'of {0} items with training rows',
    group: 'Group',
    groupOf: '{0} items in it',
    noGroup: 'none',
    oneRow: '1 training row',
    fewRows: '{0} training rows',
    fewRowsTitle: 'Few training rows: what a model says of it rests on little.',
    fewRowsNote:
      'This item has {0}. What a model learned of it rests on little: take its neighbours with caution.',
    noRowsNote: 'This item has no training rows. Models that learn from sequences know nothing of it.',
    versions: 'Other versions of it',
    pin: 'Pin',
    unpin: 'Unpin',
    pinItem: 'Pin {0} to your list',
    unpinItem: 'Take {0} off your list',
    neighbours: 'Neighbours',
    neighboursOf: 'Neighbours by {0}',
    recommendationsOf: 'Recommendations by {0}',
    unknownItem: 'This model does not know the item, so it has no neighbours for it.',
    noneLeft: 'Nothing is left: the model relates no other items to it, or the filters leave none.',
    fewerThanAsked: 'The model has no more after these filters.',
    byPopularity: 'The model has nothing of its own after this list: the most popular items follow.',
    fillsIn: 'by popularity',
    skippedItems: 'Not in this run’s data, so left out: {0}.',
    sharedOf: '{0} of {1} are in both lists',
    otherPlace: 'Place in the other list: {0}',
    same: 'same place in the other list',
    up: '{0} places higher than in the other list',
    down: '{0} places lower than in the other list',
    alone: 'not among the other model’s first {0}',
    aloneShort: 'alone',
    versionsMore: '+{0} versions',
    versionMore: '+1 version',
    fold: 'Fold versions',
    foldTitle:
      'Names that differ only by additions such as “- Live” or “(2011 Remaster)”, by case or by accents count as one item.',
    filters: 'Filters',
    minRows: 'Training rows from',
    maxRows: 'to',
    excluded: 'Groups left out',
    excludeGroup: 'Leave out “{0}”',
    includeGroup: 'Let “{0}” in again',
    includedGroup: '“{0}” is let in again',
    excludedMost: '{0} groups are left out: no more can be.',
    unknownGroups: 'Groups to leave out that this run’s data do not know: {0}.',
    keepSeen: 'Recommend items of the list too',
    sequences: 'Sequences it stands in',
    sequencesNone: 'It stands in none.',
    anyPart: 'All parts',
    part: 'Part',
    train: 'train',
    validation: 'validation',
    test: 'test',
    all: 'all parts',
    place: 'place {0} of {1}',
    times: '{0} times',
    range: '{0}–{1} of {2}',
    previous: 'Previous',
    next: 'Next',
    yourList: 'Your list',
    listEmpty: 'Your list is empty',
    listEmptyHint:
      'Pin items in their pages or in lists of neighbours, or add them here. The newest comes last.',
    addItem: 'Add an item…',
    clear: 'Clear',
    listHint: 'Oldest first, newest last. Drag items, or press Alt with ↑ or ↓, to move them.',
    moveUp: 'Move {0} up',
    moveDown: 'Move {0} down',
    remove: 'Remove {0}',
    removed: '{0} is off your list',
    cleared: 'Your list is empty now',
    moved: '{0} is now at place {1} of {2}',
    why: 'Why',
    whyItem: 'Why {0} is there',
    adds: 'What each part of the model adds to its score, beside the average of the items it competes with',
    lead: 'lead {0}',
    without: 'What each item of your list does for it',
    withoutItem: 'Without {0}',
    stays: 'stays at {0}',
    falls: 'falls from {0} to {1}',
    rises: 'rises from {0} to {1}',
    drops: 'can no longer be recommended',
    oneItem: 'Your list has one item only: it is there because of this one.',
    countedAmong: 'Its place among all items is {0}; filters do not count here.',
    noReason: 'The model tells no parts of its scores.',
    slice: 'Queries',
    allQueries: 'All ({0})',
    outcome: 'Outcome',
    any: 'Any',
    hit: 'Hit',
    miss: 'Miss',
    allHit: 'All hit',
    oneHits: 'One hits',
    allMiss: 'All miss',
    queriesIntro:
      'Lists of the test part, which no model was trained on, with what really came next: the queries and the ranks that the run’s figures were measured on. A hit is a target among the first ten.',
    hitsOf: '{0} of {1} hit',
    seenKept: 'seen items kept',
    seenRemoved: 'seen items removed',
    queriesNone: 'No query of the test part is of this kind.',
    olderItems: '{0} older',
    came: 'came next',
    hitAt: 'Hit at {0}',
    missAt: 'Miss, rank {0}',
    missBeyond: 'Miss, beyond 100',
    tie: 'tie',
    tieNote: 'It ties with others, and ties count against the model',
    isRepeat: 'it stands in the list already',
    openAsList: 'Open as your list',
    tryAgain: 'Try again',
    loading: 'Asking the model…',
    listCut: 'A list holds {0} items at most: opened as your list, it is the newest of this one.',
  },
});
export type ExplorerPanelContract = typeof explorerPanel;
