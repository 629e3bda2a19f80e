/** Colours of maps, on light and on dark ground. */

/** 0xRRGGBB. */
export type Colour = number;

export interface Ink {
  readonly background: Colour;
  readonly foreground: Colour;
}

/** Told apart by hue and by lightness, neighbours most. */
const ON_LIGHT: readonly Colour[] = [
  0x0b62c4, 0xd1620a, 0x1f8a3b, 0xc0262d, 0x7a45b8, 0x8a5a2b, 0xc43d93, 0x5d7a00, 0x0c8797, 0xa87f00,
  0x4653d6, 0x7d3550,
];
const ON_DARK: readonly Colour[] = [
  0x62aef7, 0xf2a25c, 0x6fce7f, 0xf4776f, 0xb990ee, 0xcda97f, 0xf28ccb, 0xb4cf4a, 0x4fd0dd, 0xe8cf5b,
  0x8f9cff, 0xd98fa8,
];
/** Colours that categories have; whatever is beside them is grey. */
export const CATEGORIES = ON_LIGHT.length;

/** From few to many. */
const FEW_TO_MANY_ON_LIGHT: readonly Colour[] = [0x9fb4c9, 0x6f9fcf, 0x2f7fc8, 0x1757a0, 0x3a1f73, 0x8a0f52];
const FEW_TO_MANY_ON_DARK: readonly Colour[] = [0x55626f, 0x4f7ca8, 0x4fa8dc, 0x7fd8c8, 0xd8e07a, 0xffb14e];
export const STEPS = FEW_TO_MANY_ON_LIGHT.length;

export function isDark({ background }: Ink): boolean {
  return luminance(background) < 0.4;
}

/** Roughly, by the weights of the eye for the three colours. */
function luminance(colour: Colour): number {
  const [red, green, blue] = [colour >> 16, (colour >> 8) & 255, colour & 255];
  return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}

export function categoryColours(ink: Ink): readonly Colour[] {
  return isDark(ink) ? ON_DARK : ON_LIGHT;
}

export function stepColours(ink: Ink): readonly Colour[] {
  return isDark(ink) ? FEW_TO_MANY_ON_DARK : FEW_TO_MANY_ON_LIGHT;
}

/** What belongs to no category. */
export function greyOf({ background, foreground }: Ink): Colour {
  return mixed(foreground, background, 0.55);
}

/** @param share of the second */
export function mixed(first: Colour, second: Colour, share: number): Colour {
  const part = (shift: number): number => {
    const [a, b] = [(first >> shift) & 255, (second >> shift) & 255];
    return Math.round(a + (b - a) * share) << shift;
  };
  return part(16) | part(8) | part(0);
}

export function hex(colour: Colour): string {
  return `#${colour.toString(16).padStart(6, '0')}`;
}
