/** What joins the columns of an item when people see or type it: `artist|||track`. */
export const ITEM_SEPARATOR = '|||';
