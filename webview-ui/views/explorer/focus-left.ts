/** Gives the focus to what takes the place of a part that was pressed and is gone. */

/**
 * @param parts a selector of those that are left
 * @param at place of the one that is gone: the one that has it now, else the last
 * @param otherwise id of what has the focus where none is left
 */
export function focusLeft(parts: string, at: number, otherwise: string): void {
  const left = document.querySelectorAll<HTMLElement>(parts);
  const next = left.item(Math.min(at, left.length - 1));
  (left.length === 0 ? document.getElementById(otherwise) : next)?.focus();
}
