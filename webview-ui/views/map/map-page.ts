/** The living map: what it was told, what a person chose, and the page that both make. */
import type { Camera } from '../../../src/drawing/camera.ts';
import type { Colouring } from '../../../src/drawing/colouring.ts';
import {
  MapMark,
  MOST_ITEMS,
  ProjectionMethod,
  type ProjectionProgress,
} from '../../../src/protocol/projection.ts';
import {
  MapColour,
  MapTool,
  type MapPanelContract,
  type MapPicture,
  type MapState,
} from '../../../src/protocol/panels/map.ts';
import type { PayloadOf } from '../../../src/protocol/panels/contract.ts';
import type { Bytes } from '../../../src/protocol/panels/bytes.ts';
import { alert } from '../../kit/alert.ts';
import { bytesOf, floatsOf, integersOf } from '../../kit/bytes.ts';
import { copyText } from '../../kit/copy-text.ts';
import { h } from '../../kit/element.ts';
import type { Child, Drawn } from '../../kit/element.ts';
import { count, cut } from '../../kit/format.ts';
import type { Page, View } from '../../kit/mount.ts';
import { RequestFailed } from '../../kit/request-failed.ts';
import { namesText } from './exported-list.ts';
import { colouringOf, type Clusters } from './item-colouring.ts';
import { itemList } from './item-list.ts';
import { itemPanel, type Neighbours } from './item-panel.ts';
import { keptLasso, lassoed, restoredLasso, type Lassoed } from './lassoed.ts';
import { legend } from './legend.ts';
import { listButtons } from './list-buttons.ts';
import { mapCanvas } from './map-canvas.ts';
import { MapItems } from './map-items.ts';
import { mapHeader } from './map-header.ts';
import { countText, type MapText } from './map-text.ts';
import { fetchMarks, isOf, markQuestion, marksNote, type Marks } from './marks.ts';
import { modelChoice } from './model-choice.ts';
import { drawnRows, pathOf, pathPanel, type ListPath } from './path-panel.ts';
import { Picture, rowsOf } from './picture.ts';
import { listFile, pngFile, svgFile, type MapFile } from './map-files.ts';
import { joined, RowParts } from './row-parts.ts';
import { saveFile } from './save.ts';
import { sceneContent } from './scene-content.ts';
import { Scene } from './scene.ts';
import { selectionOf, type Selection } from './selection.ts';
import { selectionPanel } from './selection-panel.ts';
import { shownRows } from './shown-rows.ts';
import { toolbar } from './toolbar.ts';

type Contract = MapPanelContract;

const INITIAL: MapState = {
  method: 'umap',
  colour: 'cluster',
  tool: 'pan',
  labels: true,
  search: '',
  hidden: [],
};
/** Lists follow the map when it has come to rest. */
const SETTLED_MS = 200;
const LISTED_IN_VIEW = 50;

interface Failure {
  readonly what?: PayloadOf<Contract, 'failed'>['what'];
  readonly message: string;
  readonly hint?: string | undefined;
}

/** Neighbours of all rows, as a file holds them. */
interface KnownNeighbours {
  readonly k: number;
  readonly rows: Int32Array;
  readonly scores: Float32Array;
}

export class MapPage implements View<Contract> {
  readonly #page: Page<Contract>;
  readonly #scene = new Scene();
  readonly #text: MapText;
  #state: MapState;
  readonly #itemParts = new RowParts<PayloadOf<Contract, 'items'>>();
  readonly #clusterParts = new RowParts<Bytes>();
  /** Those of PCA's picture may come among those of the one that it stands in for. */
  readonly #pictureParts = {
    pca: new RowParts<MapPicture>(),
    umap: new RowParts<MapPicture>(),
    tsne: new RowParts<MapPicture>(),
  };
  #items: MapItems | undefined;
  #clusters: Clusters | undefined;
  #marks: Marks | undefined;
  #marking: AbortController | undefined;
  #models: readonly string[] = [];
  /** Names of the explorer's list. */
  #list: readonly string[] = [];
  #path: ListPath | undefined;
  #picture: Picture | undefined;
  #progress: ProjectionProgress | undefined;
  /** Of the map itself, until it is begun anew. */
  #failure: Failure | undefined;
  /** Of what was asked for last. */
  #refusal: Failure | undefined;
  #stopped = false;
  #known: KnownNeighbours | undefined;
  #neighbours: { readonly item: number; readonly found: Neighbours } | undefined;
  #colouring: Colouring | undefined;
  /** Rows that the legend shows; absent: all. */
  #shown: Uint8Array | undefined;
  #lassoed: Lassoed | undefined;
  #selection: Selection | undefined;
  #settling: ReturnType<typeof setTimeout> | undefined;
  #searching: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor(page: Page<Contract>) {
    this.#page = page;
    this.#state = page.host.kept() ?? INITIAL;
    this.#text = (name, ...values) => page.host.text(name, ...values);
    // The extension restores the panel by the key, which is kept with the state.
    page.host.keep(this.#state);
    // Tests look at what is drawn.
    Object.assign(this.#scene.canvas, { mapScene: this.#scene });
  }

  readonly on: View<Contract>['on'] = {
    items: (told) => {
      const parts = this.#itemParts.take(told, told.from, integersOf(told.codes).length, told.items);
      if (parts !== undefined) this.#takeItems(new MapItems(parts));
    },
    clusters: ({ from, clusters, typical }) => {
      const part = bytesOf(clusters);
      const parts = this.#clusterParts.take(part, from, part.length, this.#items?.count ?? 0);
      if (parts === undefined) return;
      this.#clusters = { ofRow: joined(parts), typical };
      this.#recolour();
      this.#refresh();
    },
    path: ({ items }) => {
      this.#list = items;
      this.#followList();
      this.#refresh();
    },
    picture: (told) => {
      const parts = this.#pictureParts[told.method].take(told, told.from, rowsOf(told), told.rows);
      if (parts !== undefined) this.#takePicture(new Picture(parts, this.#items?.count ?? 0));
    },
    progress: ({ method, ...progress }) => {
      // What was under way when it was stopped may still come.
      if (method !== this.#state.method || this.#stopped) return;
      this.#progress = progress;
      this.#page.redraw();
    },
    neighbours: ({ k, rows, scores }) => {
      const known = { k, rows: integersOf(rows), scores: floatsOf(scores) };
      if (known.rows.length !== k * (this.#items?.count ?? 0) || known.scores.length !== known.rows.length)
        throw new Error('neighbours of other items');
      this.#known = known;
      this.#askNeighbours();
    },
    failed: (failure) => this.#fail(failure),
  };

  refused(): void {
    const { host } = this.#page;
    if (host.kind === 'file') this.#fail({ message: host.text('unreadable'), hint: host.text('writeAgain') });
  }

  /** A picture that is being made all the same tells of its progress again. */
  #fail(failure: Failure): void {
    this.#failure = failure;
    this.#progress = undefined;
    this.#page.redraw();
  }

  #takeItems(items: MapItems): void {
    this.#items = items;
    this.#failure = undefined;
    this.#clusters = undefined;
    this.#marks = undefined;
    this.#picture = undefined;
    this.#lassoed = undefined;
    this.#progress = undefined;
    this.#followList();
    document.title = `${cut(this.#text('title', items.told.model), 80)} – RecSys`;
    this.#recolour();
    this.#refresh();
    if (this.#page.host.kind === 'vscode') {
      this.#start();
      this.#ask(this.#fetchModels());
    }
    this.#askMarks();
    this.#askNeighbours();
  }

  #followList(): void {
    this.#path = this.#items === undefined ? undefined : pathOf(this.#list, this.#items);
  }

  async #fetchModels(): Promise<void> {
    this.#models = (await this.#page.host.request('models', {})).models;
    this.#page.redraw();
  }

  /** Asks by what the rows are marked, where the colour needs it and it is not known. */
  #askMarks(): void {
    const question = markQuestion(this.#state);
    if (this.#page.host.kind !== 'vscode' || isOf(this.#marks, question)) return;
    this.#marking?.abort();
    this.#marks = undefined;
    if (question !== undefined) this.#ask(this.#fetchMarks(question));
  }

  async #fetchMarks(question: Marks['question']): Promise<void> {
    const marking = new AbortController();
    this.#marking = marking;
    try {
      this.#marks = await fetchMarks(this.#page.host, question, this.#items?.count ?? 0, marking.signal);
      this.#recolour();
      this.#refresh();
    } catch (error) {
      if (!marking.signal.aborted) throw error;
    }
  }

  /** Pictures of another method may come first, as PCA's does, which is there at once. */
  #takePicture(picture: Picture): void {
    const { method } = picture.told;
    const isWanted = method === this.#state.method;
    if (!isWanted && this.#page.host.kind === 'file') this.#state = { ...this.#state, method };
    else if (!isWanted && this.#picture?.told.method === this.#state.method) return;
    this.#picture = picture;
    if (isWanted) this.#follow(picture.told);
    const restored = restoredLasso(this.#state.lasso, picture);
    if (restored !== undefined) {
      this.#lassoed = restored;
      this.#select();
    }
    this.#refresh();
  }

  /** A picture that was ready before Stop reached it is as good as any. */
  #follow(progress: ProjectionProgress): void {
    if (progress.stage === 'done') this.#stopped = false;
    this.#progress = progress.stage === 'done' || this.#stopped ? undefined : progress;
  }

  #start(): void {
    const { method } = this.#state;
    this.#stopped = false;
    this.#failure = undefined;
    this.#progress = { stage: 'starting', epoch: 0, epochs: 0 };
    this.#ask(this.#page.host.request('start', { method }), (failure) => this.#fail(failure));
  }

  #stop(): void {
    this.#stopped = true;
    this.#progress = undefined;
    this.#ask(this.#page.host.request('stop', {}));
  }

  /** What the extension could not do is said on the page until the next thing is asked for. */
  #ask(
    asked: Promise<unknown>,
    fail: (failure: Failure) => void = (failure) => {
      this.#refusal = failure;
    },
  ): void {
    this.#refusal = undefined;
    this.#page.redraw();
    asked.catch((error: unknown) => {
      if (!(error instanceof RequestFailed)) throw error;
      fail(error);
      this.#page.redraw();
    });
  }

  #set(change: Partial<MapState>): void {
    this.#state = { ...this.#state, ...change };
    this.#page.host.keep(this.#state);
  }

  #recolour(): void {
    if (this.#items === undefined) return;
    this.#colouring = colouringOf(
      this.#state.colour,
      this.#items,
      { clusters: this.#clusters, marks: this.#marks },
      this.#text,
    );
    this.#hide();
  }

  /** What is hidden is not selected by a lasso either. */
  #hide(): void {
    if (this.#colouring === undefined) return;
    this.#shown = shownRows(this.#colouring, this.#state.hidden);
    this.#select();
  }

  #select(): void {
    this.#selection =
      this.#items === undefined
        ? undefined
        : selectionOf(this.#state.search, this.#lassoed, this.#items, this.#shown);
  }

  /** Shows on the canvas and in the lists what there is now. */
  #refresh(): void {
    this.#showScene();
    this.#page.redraw();
  }

  #showScene(): void {
    const [items, colouring] = [this.#items, this.#colouring];
    if (items === undefined || colouring === undefined) return;
    this.#scene.show(
      sceneContent({
        state: this.#state,
        items,
        colouring,
        shown: this.#shown,
        picture: this.#picture,
        selection: this.#selection,
        lassoed: this.#lassoed,
        item: this.#itemRow(),
        neighbours: this.#neighbourRows(),
        path: this.#path === undefined ? [] : drawnRows(this.#path),
      }),
    );
  }

  #itemRow(): number | undefined {
    const { item } = this.#state;
    return item === undefined ? undefined : this.#items?.rowOf(item);
  }

  #neighbourRows(): readonly number[] {
    return this.#neighbours?.item === this.#state.item ? (this.#neighbours?.found.rows ?? []) : [];
  }

  #askNeighbours(): void {
    this.#asking?.abort();
    const row = this.#itemRow();
    const [items, { item }] = [this.#items, this.#state];
    if (row === undefined || items === undefined || item === undefined) return;
    if (this.#known !== undefined) {
      this.#neighbours = { item, found: knownOf(this.#known, row) };
      this.#refresh();
    } else if (this.#page.host.kind === 'vscode') this.#ask(this.#fetchNeighbours(items, item));
  }

  async #fetchNeighbours(items: MapItems, item: number): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const told = await this.#page.host.request('neighbours', { item }, asking.signal);
      const pairs = told.items.flatMap((code, at) => {
        const row = items.rowOf(code);
        return row === undefined ? [] : [{ row, score: told.scores[at] ?? NaN }];
      });
      this.#neighbours = {
        item,
        found: { rows: pairs.map((pair) => pair.row), scores: pairs.map((pair) => pair.score) },
      };
      this.#refresh();
    } catch (error) {
      if (!asking.signal.aborted) throw error;
    }
  }

  #open(row: number | undefined): void {
    const item = row === undefined ? undefined : this.#items?.codes[row];
    const { item: _, ...rest } = this.#state;
    this.#state = item === undefined ? rest : { ...rest, item };
    this.#page.host.keep(this.#state);
    this.#refresh();
    this.#askNeighbours();
  }

  /** A camera is one on the plane of the picture that is shown, which may be PCA's preview of another method. */
  #look(camera: Camera | undefined): void {
    const { camera: _, ...rest } = this.#state;
    const method = this.#picture?.told.method;
    this.#state =
      camera === undefined || method === undefined ? rest : { ...rest, camera: { ...camera, method } };
    this.#showScene();
    this.#settle();
  }

  /** What a moving map does not wait for. */
  #settle(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#page.host.keep(this.#state);
      this.#page.redraw();
    }, SETTLED_MS);
  }

  #choose(field: 'method' | 'colour' | 'tool', value: string): void {
    if (field === 'tool') this.#set({ tool: MapTool.parse(value) });
    if (field === 'colour') {
      this.#set({ colour: MapColour.parse(value), hidden: [] });
      this.#askMarks();
      this.#recolour();
    }
    if (field === 'method') {
      const { camera: _, lasso: __, ...rest } = this.#state;
      this.#state = { ...rest, method: ProjectionMethod.parse(value) };
      this.#lassoed = undefined;
      this.#page.host.keep(this.#state);
      this.#select();
      this.#start();
    }
    this.#refresh();
  }

  #setKeyword(keyword: string): void {
    this.#set({ keyword, hidden: [] });
    clearTimeout(this.#searching);
    this.#searching = setTimeout(() => {
      this.#askMarks();
      this.#recolour();
      this.#refresh();
    }, SETTLED_MS);
  }

  #search(search: string): void {
    this.#set({ search });
    clearTimeout(this.#searching);
    // Nobody waits for what a half-typed word finds among a million.
    this.#searching = setTimeout(
      () => {
        this.#select();
        this.#refresh();
      },
      (this.#items?.count ?? 0) > 50_000 ? SETTLED_MS : 0,
    );
  }

  /** @param corners on the plane of the picture that is shown; none: nothing is selected */
  #lasso(corners: readonly number[]): void {
    const picture = this.#picture;
    this.#lassoed = corners.length === 0 || picture === undefined ? undefined : lassoed(corners, picture);
    const kept = this.#lassoed && keptLasso(this.#lassoed);
    const { lasso: _, ...rest } = this.#state;
    this.#state = kept === undefined ? rest : { ...rest, lasso: kept };
    this.#set({ search: '' });
    this.#select();
    this.#refresh();
  }

  #zoomToSelection(): void {
    const camera = this.#scene.cameraFor(this.#selection?.rows ?? this.#itemAndNeighbours());
    if (camera !== undefined) this.#look(camera);
  }

  #itemAndNeighbours(): number[] {
    const row = this.#itemRow();
    return row === undefined ? [] : [row, ...this.#neighbourRows()];
  }

  #zoom(factor: number): void {
    const { width, height } = this.#scene.size;
    this.#look(this.#scene.zoomed({ x: width / 2, y: height / 2 }, factor));
  }

  draw(): Child[] {
    const items = this.#items;
    const warnings = [
      ...[this.#failure, this.#refusal].map(
        (failure) => failure !== undefined && alert(failure.message, failure.hint),
      ),
      this.#tryAgain(),
    ];
    if (items === undefined)
      return [...warnings, this.#failure === undefined && h('p', { role: 'status' }, this.#text('loading'))];
    return [
      mapHeader({
        items,
        picture: this.#picture,
        method: this.#state.method,
        text: this.#text,
      }),
      modelChoice(this.#models, items.told.model, this.#text, (model) =>
        this.#ask(this.#page.host.request('openModel', { model })),
      ),
      ...warnings,
      this.#stopped && this.#note(this.#text('stopped'), this.#text('goOn')),
      h(
        'main',
        {},
        this.#toolbar(items),
        h('div', { class: 'map-body' }, this.#stage(items), this.#aside(items)),
      ),
    ];
  }

  #note(said: string, label: string): Drawn {
    return h(
      'div',
      { class: 'map-stopped' },
      h('span', { role: 'status' }, said),
      h('button', { type: 'button', class: 'button', onClick: () => this.#start() }, label),
    );
  }

  /** Of what could not be had, as long as somebody can be asked. */
  #tryAgain(): Child {
    const failure = this.#failure;
    if (failure === undefined || this.#page.host.kind === 'file') return false;
    const again = (): void => {
      if (failure.what === 'picture') return this.#start();
      this.#failure = undefined;
      this.#ask(this.#page.host.request('again', {}), (refused) => this.#fail(refused));
    };
    return h(
      'p',
      { class: 'map-stopped' },
      h('button', { type: 'button', class: 'button', onClick: again }, this.#text('tryAgain')),
    );
  }

  #toolbar(items: MapItems): Drawn {
    const isFile = this.#page.host.kind === 'file';
    return toolbar({
      state: this.#state,
      text: this.#text,
      methods: isFile
        ? [this.#state.method]
        : ProjectionMethod.options.filter((method) => method !== 'tsne' || items.count <= MOST_ITEMS.tsne),
      colours: MapColour.options.filter(
        (colour) =>
          (colour !== 'group' || items.groups !== undefined) &&
          (colour !== 'cluster' || this.#clusters !== undefined || !isFile) &&
          !(isFile && isMark(colour)),
      ),
      setKeyword: (keyword) => this.#setKeyword(keyword),
      progress: this.#progress,
      canStop: !isFile,
      choose: (field, value) => this.#choose(field, value),
      search: (text) => this.#search(text),
      toggleLabels: (labels) => {
        this.#set({ labels });
        this.#refresh();
      },
      stop: () => this.#stop(),
    });
  }

  #stage(items: MapItems): Drawn {
    const text = this.#text;
    const button = (label: string, onClick: () => void, disabled = false): Drawn =>
      h('button', { type: 'button', class: 'button', onClick, disabled }, label);
    return h(
      'div',
      { class: 'map-stage' },
      mapCanvas({
        scene: this.#scene,
        label: text('canvas', count(items.count)),
        tool: () => this.#state.tool,
        onCamera: (camera) => this.#look(camera),
        onItem: (row) => this.#open(row),
        onLasso: (corners) => this.#lasso(corners),
        onResize: () => this.#settle(),
        onTheme: () => this.#page.redraw(),
      }),
      h(
        'div',
        { class: 'map-buttons' },
        button(text('zoomIn'), () => this.#zoom(1.5)),
        button(text('zoomOut'), () => this.#zoom(1 / 1.5)),
        button(text('showAll'), () => this.#look(undefined)),
        button(
          text('zoomToSelection'),
          () => this.#zoomToSelection(),
          this.#selection === undefined && this.#itemRow() === undefined,
        ),
        button(text('savePng'), () => this.#save((own, picture) => pngFile(this.#scene, own, picture))),
        button(text('saveSvg'), () => this.#save((own, picture) => svgFile(this.#scene, own, picture, text))),
      ),
    );
  }

  #aside(items: MapItems): Drawn {
    const row = this.#itemRow();
    return h(
      'div',
      { class: 'map-aside' },
      row !== undefined &&
        itemPanel({
          row,
          items,
          picture: this.#picture,
          neighbours: this.#neighboursShown(),
          text: this.#text,
          open: (other) => this.#open(other),
        }),
      this.#legend(items),
      pathPanel({
        ...{ path: this.#path, items, text: this.#text, current: row },
        open: (other) => this.#open(other),
      }),
      selectionPanel({
        selection: this.#selection,
        items,
        text: this.#text,
        current: row,
        open: (other) => this.#open(other),
        copy: (rows) => this.#copy(namesText(rows, items), 'map-selection'),
        save: (rows) => this.#saveList(rows),
        clear: () => this.#lasso([]),
      }),
      this.#inView(items, row),
    );
  }

  #neighboursShown(): Neighbours | 'unknown' | undefined {
    if (this.#neighbours?.item === this.#state.item) return this.#neighbours?.found;
    return this.#page.host.kind === 'file' && this.#known === undefined ? 'unknown' : undefined;
  }

  #legend(items: MapItems): Child {
    const colouring = this.#colouring;
    if (colouring === undefined) return false;
    return legend({
      title: this.#text('legend'),
      note: this.#legendNote(items),
      colouring,
      ink: this.#scene.ink,
      hidden: this.#state.hidden,
      toggle: (id, shown) => {
        const others = this.#state.hidden.filter((other) => other !== id);
        this.#set({ hidden: shown ? others : [...others, id] });
        this.#hide();
        this.#refresh();
      },
    });
  }

  #legendNote({ told }: MapItems): string | undefined {
    const [{ colour }, marks] = [this.#state, this.#marks];
    if (colour === 'cluster') return this.#text('clusters');
    return marks?.question.by === colour ? marksNote(marks, told.model, this.#text) : undefined;
  }

  #inView(items: MapItems, current: number | undefined): Drawn {
    const text = this.#text;
    const rows = this.#scene.inView();
    return h(
      'section',
      { class: 'map-part', id: 'map-in-view' },
      h('h2', {}, `${text('inView')} · ${countText(rows.length, text)}`),
      rows.length > 0 &&
        listButtons({
          id: 'map-copy-in-view',
          rows,
          text,
          copy: () => this.#copy(namesText(rows, items), 'map-in-view'),
          save: () => this.#saveList(rows),
        }),
      rows.length === 0
        ? h('p', { class: 'sub' }, text('nothingInView'))
        : itemList({
            rows,
            items,
            text,
            current,
            open: (row) => this.#open(row),
            shown: LISTED_IN_VIEW,
          }),
    );
  }

  /** @param shownIn element whose text is selected where a browser does not let a page copy */
  #copy(text: string, shownIn: string): void {
    if (this.#page.host.kind === 'vscode') this.#ask(this.#page.host.request('copy', { text }));
    else void copyText(text, shownIn);
  }

  /** @param make what is saved, once there is a picture */
  #save(make: (items: MapItems, picture: Picture) => MapFile | Promise<MapFile>): void {
    const [items, picture] = [this.#items, this.#picture];
    if (items === undefined || picture === undefined) return;
    const save = async (): Promise<void> => {
      const { name, content } = await make(items, picture);
      await saveFile(this.#page.host, name, content);
    };
    this.#ask(save());
  }

  #saveList(rows: readonly number[]): void {
    const colouring = this.#colouring;
    if (colouring === undefined) return;
    this.#save((items, picture) => listFile(rows, items, picture, colouring));
  }
}

function isMark(colour: MapColour): boolean {
  return MapMark.options.some((mark) => mark === colour);
}

function knownOf({ k, rows, scores }: KnownNeighbours, row: number): Neighbours {
  const own = [...rows.subarray(row * k, (row + 1) * k)].filter((other) => other >= 0);
  return { rows: own, scores: [...scores.subarray(row * k, row * k + own.length)] };
}
