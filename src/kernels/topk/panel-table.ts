// What is known of each panel of similar rows (see panels.ts).

@unmanaged
export class Panel {
  /** Value of one unit of the codes. */
  scale!: f32;
  /** Largest error of a row's code, the roundings of a score included, as a factor of the query's length. */
  error!: f32;
  /** Largest length of a row's decoded code. */
  length!: f32;
  /** Largest distance of a row's projection to the panel's centre, with the same roundings. */
  radius!: f32;
}

const PANEL_BYTES: usize = 16;

let panels: usize = 0;
let panelRows: i32 = 1;

/** @param table a `Panel` each */
export function setPanels(table: usize, rowsPerPanel: i32): void {
  panels = table;
  panelRows = rowsPerPanel;
}

// @ts-ignore: decorator
@inline
export function panelAt(number: i32): Panel {
  return changetype<Panel>(panels + <usize>number * PANEL_BYTES);
}

/** The panel of a row by its place. */
// @ts-ignore: decorator
@inline
export function panelOf(place: i32): Panel {
  return panelAt(place / panelRows);
}
