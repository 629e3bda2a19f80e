/** The canvas on the page, and what mouse, wheel, fingers and keys do on it. */
import { Component } from 'preact';
import type { Camera, Point } from '../../../src/drawing/camera.ts';
import type { MapTool } from '../../../src/protocol/panels/map.ts';
import { component, h } from '../../kit/element.ts';
import type { Drawn } from '../../kit/element.ts';
import type { Scene } from './scene.ts';

export interface MapCanvasOptions {
  readonly scene: Scene;
  readonly label: string;
  readonly tool: () => MapTool;
  /** Undefined: all is to be shown. */
  readonly onCamera: (camera: Camera | undefined) => void;
  readonly onItem: (row: number | undefined) => void;
  /** Corners on the plane. */
  readonly onLasso: (lasso: number[]) => void;
  readonly onResize: () => void;
  /** The scene's colours are other ones now. */
  readonly onTheme: () => void;
}

export function mapCanvas(options: MapCanvasOptions): Drawn {
  return component(MapCanvas, options);
}

/** Nearer than this to where it went down, a pointer has clicked. */
const CLICK_PIXELS = 4;
const STEP_PIXELS = 60;
const ZOOM = 1.4;
/** Corners of a lasso are so far apart at least. */
const CORNER_PIXELS = 3;
const MOST_CORNERS = 1_000;

interface Drag {
  readonly tool: MapTool;
  readonly from: Point;
  last: Point;
  moved: boolean;
  readonly line: number[];
}

class MapCanvas extends Component<MapCanvasOptions> {
  #frame: HTMLDivElement | null = null;
  #drag: Drag | undefined;
  readonly #observer = new ResizeObserver(() => this.#resize());
  readonly #theme = new MutationObserver(() => this.#recolour());
  /** Of the system, which a page of its own follows. */
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');

  override componentDidMount(): void {
    const { canvas } = this.props.scene;
    const frame = this.#frame;
    if (frame === null) return;
    frame.append(canvas);
    this.#observer.observe(frame);
    this.#theme.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    this.#theme.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
    this.#dark.addEventListener('change', this.#recolour);
    frame.addEventListener('wheel', this.#wheel, { passive: false });
    this.#resize();
  }

  override componentWillUnmount(): void {
    this.#observer.disconnect();
    this.#theme.disconnect();
    this.#dark.removeEventListener('change', this.#recolour);
    this.#frame?.removeEventListener('wheel', this.#wheel);
    this.props.scene.dispose();
  }

  override shouldComponentUpdate(next: MapCanvasOptions): boolean {
    return next.label !== this.props.label;
  }

  override render(): Drawn {
    return h('div', {
      id: 'map-canvas',
      class: 'map-canvas',
      role: 'application',
      tabIndex: 0,
      'aria-label': this.props.label,
      ref: (element: HTMLDivElement | null) => {
        this.#frame = element;
      },
      onPointerDown: (event) => this.#down(event),
      onPointerMove: (event) => this.#move(event),
      onPointerUp: (event) => this.#up(event),
      onPointerCancel: () => this.#end(),
      onPointerLeave: () => this.props.scene.hover(undefined),
      onKeyDown: (event) => this.#key(event),
      onDblClick: (event) => this.props.onCamera(this.props.scene.zoomed(this.#place(event), ZOOM * ZOOM)),
    });
  }

  #resize(): void {
    if (this.#frame === null) return;
    this.props.scene.resize(this.#frame.clientWidth, this.#frame.clientHeight);
    this.props.onResize();
  }

  readonly #recolour = (): void => {
    this.props.scene.recolour();
    this.props.onTheme();
  };

  #place({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Point {
    const { left, top } = this.props.scene.canvas.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#frame?.setPointerCapture(event.pointerId);
    const from = this.#place(event);
    // Shift is the other tool for the moment.
    const chosen = this.props.tool();
    const tool = event.shiftKey ? (chosen === 'pan' ? 'lasso' : 'pan') : chosen;
    this.#drag = { tool, from, last: from, moved: false, line: [from.x, from.y] };
  }

  #move(event: PointerEvent): void {
    const { scene, onCamera } = this.props;
    const at = this.#place(event);
    const drag = this.#drag;
    if (drag === undefined) return scene.hover(scene.rowAt(at));
    if (!drag.moved && Math.hypot(at.x - drag.from.x, at.y - drag.from.y) < CLICK_PIXELS) return;
    drag.moved = true;
    scene.hover(undefined);
    if (drag.tool === 'pan') {
      onCamera(scene.panned(at.x - drag.last.x, at.y - drag.last.y));
      drag.last = at;
    } else this.#trace(drag, at);
  }

  #trace(drag: Drag, at: Point): void {
    const apart = Math.hypot(at.x - drag.last.x, at.y - drag.last.y);
    if (apart < CORNER_PIXELS || drag.line.length >= 2 * MOST_CORNERS) return;
    drag.line.push(at.x, at.y);
    drag.last = at;
    this.props.scene.trace(drag.line);
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    const { scene, onItem, onLasso } = this.props;
    this.#end();
    if (drag === undefined) return;
    if (!drag.moved) onItem(scene.rowAt(this.#place(event)));
    else if (drag.tool === 'lasso') {
      const corners: number[] = [];
      for (let i = 0; i < drag.line.length; i += 2) {
        const { x, y } = scene.plane({ x: drag.line[i] ?? 0, y: drag.line[i + 1] ?? 0 });
        corners.push(x, y);
      }
      onLasso(corners);
    }
  }

  #end(): void {
    this.#drag = undefined;
    this.props.scene.trace([]);
  }

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    // A notch of a wheel is about 100 pixels, lines and pages are told as such.
    const pixels = event.deltaY * ([1, 16, 400][event.deltaMode] ?? 1);
    const factor = Math.exp(-Math.max(-400, Math.min(400, pixels)) / 400);
    this.props.onCamera(this.props.scene.zoomed(this.#place(event), factor));
  };

  #key(event: KeyboardEvent): void {
    const camera = this.#cameraFor(event.key);
    if (camera === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.props.onCamera(camera === 'all' ? undefined : camera);
  }

  #cameraFor(key: string): Camera | 'all' | undefined {
    const { scene } = this.props;
    const middle = { x: scene.size.width / 2, y: scene.size.height / 2 };
    switch (key) {
      case 'ArrowLeft':
        return scene.panned(STEP_PIXELS, 0);
      case 'ArrowRight':
        return scene.panned(-STEP_PIXELS, 0);
      case 'ArrowUp':
        return scene.panned(0, STEP_PIXELS);
      case 'ArrowDown':
        return scene.panned(0, -STEP_PIXELS);
      case '+':
      case '=':
        return scene.zoomed(middle, ZOOM);
      case '-':
        return scene.zoomed(middle, 1 / ZOOM);
      case '0':
        return 'all';
      default:
        return undefined;
    }
  }
}
