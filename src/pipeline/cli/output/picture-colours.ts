/** What the points of a map in a file can be coloured by. */
export const PICTURE_COLOURS = ['cluster', 'group', 'frequency'] as const;
export type PictureColour = (typeof PICTURE_COLOURS)[number];
