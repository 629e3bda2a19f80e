/** What is seen of a map as SVG: points as circles, names as text. */
import { escapeHtml } from '../protocol/text/escape.ts';
import { toPixel, type Camera, type Point, type Size } from './camera.ts';
import type { PlacedLabel } from './labels.ts';
import { hex, type Colour, type Ink } from './palette.ts';
import type { Points } from './point-raster.ts';

/** What is drawn besides points and names, in pixels of the picture: x and y in turn. */
export interface MapMarks {
  readonly accent: Colour;
  /** A closed line around what was selected. */
  readonly lasso: readonly number[];
  /** The item that was chosen, and lines from it to others. */
  readonly item: Point | undefined;
  readonly ends: readonly Point[];
  /** A list of items, in its order. */
  readonly path: readonly Point[];
}

export interface MapSvg {
  readonly size: Size;
  readonly camera: Camera;
  readonly points: Points;
  readonly radius: number;
  readonly ink: Ink;
  readonly labels: readonly (PlacedLabel & { readonly text: string })[];
  readonly fontSize: number;
  readonly marks?: MapMarks;
  /** What the picture is of, for people who only hear it. */
  readonly title: string;
  readonly description: string;
}

export function mapSvg(map: MapSvg): string {
  const { size, ink, title, description } = map;
  const { width, height } = size;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeHtml(title)}</title>`,
    `<desc>${escapeHtml(description)}</desc>`,
    `<rect width="${width}" height="${height}" fill="${hex(ink.background)}"/>`,
    ...circles(map),
    ...(map.marks === undefined ? [] : lines(map.marks, ink)),
    ...texts(map),
    '</svg>',
    '',
  ].join('\n');
}

/** A group a colour, so that a circle is no longer than its place. */
function circles({ size, camera, points, radius, ink }: MapSvg): string[] {
  const { positions, ofRow, colours, shown, lit } = points;
  const groups = new Map<string, string[]>();
  for (let row = positions.length / 2 - 1; row >= 0; row--) {
    if (shown !== undefined && shown[row] !== 1) continue;
    const { x, y } = toPixel(camera, size, { x: positions[row * 2] ?? 0, y: positions[row * 2 + 1] ?? 0 });
    if (!(x >= -radius && x <= size.width + radius && y >= -radius && y <= size.height + radius)) continue;
    const opacity = lit === undefined || lit[row] === 1 ? 0.85 : 0.14;
    const key = `fill="${hex(colours[ofRow[row] ?? 0] ?? ink.foreground)}" fill-opacity="${opacity}"`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}"/>`);
  }
  return [...groups].map(([key, own]) => `<g ${key}>${own.join('')}</g>`);
}

function texts({ labels, fontSize, ink }: MapSvg): string[] {
  const style = `font-family="system-ui, sans-serif" font-size="${fontSize}" fill="${hex(ink.foreground)}" stroke="${hex(ink.background)}" stroke-width="3" paint-order="stroke" dominant-baseline="central"`;
  const own = labels.map(
    ({ x, y, text }) => `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}">${escapeHtml(text)}</text>`,
  );
  return own.length === 0 ? [] : [`<g ${style}>${own.join('')}</g>`];
}

const place = ({ x, y }: Point): string => `${x.toFixed(1)},${y.toFixed(1)}`;

function lines({ accent, lasso, item, ends, path }: MapMarks, { foreground }: Ink): string[] {
  const corners = Array.from({ length: lasso.length / 2 }, (_, i) =>
    place({ x: lasso[i * 2] ?? 0, y: lasso[i * 2 + 1] ?? 0 }),
  );
  const spokes = item === undefined ? '' : ends.map((end) => `M${place(item)}L${place(end)}`).join('');
  const stroke = (colour: Colour, width: number): string =>
    `fill="none" stroke="${hex(colour)}" stroke-width="${width}"`;
  return [
    corners.length > 1
      ? `<polygon ${stroke(accent, 1.5)} stroke-dasharray="5 4" points="${corners.join(' ')}"/>`
      : '',
    spokes === '' ? '' : `<path ${stroke(accent, 1.25)} stroke-opacity="0.75" d="${spokes}"/>`,
    path.length > 1
      ? `<polyline ${stroke(foreground, 2)} stroke-linejoin="round" points="${path.map(place).join(' ')}"/>`
      : '',
    ...[...path, ...(item === undefined ? [] : [item])].map(
      ({ x, y }) => `<circle ${stroke(foreground, 2)} cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="7"/>`,
    ),
  ].filter((line) => line !== '');
}
