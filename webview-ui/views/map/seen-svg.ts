import { mapSvg } from '../../../src/drawing/map-svg.ts';
import type { Scene } from './scene.ts';

/** What the scene shows as SVG; undefined while there is no picture. */
export function seenSvg(
  scene: Scene,
  title: string,
  description: string,
  labelOf: (row: number) => string,
): string | undefined {
  const points = scene.points();
  if (points === undefined) return undefined;
  return mapSvg({
    size: scene.size,
    camera: scene.camera,
    points,
    radius: scene.radius(points),
    ink: scene.ink,
    labels: scene.labels().map((label) => ({ ...label, text: labelOf(label.row) })),
    marks: scene.marks(),
    fontSize: parseFloat(scene.ink.font),
    title,
    description,
  });
}
