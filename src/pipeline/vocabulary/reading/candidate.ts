/** A part of a text that may name an item. */
export interface Candidate {
  /** Where it stands: offsets into the text, the end not included. */
  readonly from: number;
  readonly to: number;
  /** Where all that writes the item ends, when its columns stand apart; absent: at `to`. */
  readonly until?: number;
  /** The name it would be, its columns joined. */
  readonly name: string;
  /** The context says that an item is meant (a column, a key), whether it is known or not. */
  readonly isMeant: boolean;
  /** It may differ from the item's name in case and accents. */
  readonly mayFold: boolean;
}

/** A text with a pointer in it. */
export interface PointedText {
  readonly text: string;
  readonly offset: number;
  /** The first line of the document, where the text does not begin with it. */
  readonly header?: string | undefined;
  /** The item's columns as the data name them. */
  readonly columns: readonly string[];
  /** The pointer stands at a name's first word: only few marks are before it. */
  readonly isAtFirstWord?: boolean;
}

/** One written form. */
export type Reader = (pointed: PointedText) => Candidate[];

/** The place is the value of a column or a key that is not the item's. */
export interface OtherValue {
  readonly from: number;
  readonly to: number;
  /** The item itself stands beside it, in the same row or object. */
  readonly isBesideItem: boolean;
  /** The column or key is called nearly as the item's: `item` or `next_item_id`, where it is `item_id`. */
  readonly isAkin: boolean;
}

/** What a row or an object says of the place: the item it writes, or that it is something else. */
export interface Reading {
  readonly candidates: readonly Candidate[];
  readonly other?: OtherValue | undefined;
}
