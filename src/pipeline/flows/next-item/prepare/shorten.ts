/** Longer identifiers are shown cut short. */
const SHOWN_CHARACTERS = 200;

/** A name as it can be shown: whole, or its beginning with its length. */
export function shorten(name: string, most = SHOWN_CHARACTERS): string {
  if (name.length <= most) return name;
  // Not between the two halves of a surrogate pair.
  const start = name.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
  return `${start}… (${name.length.toLocaleString('en')} characters)`;
}
