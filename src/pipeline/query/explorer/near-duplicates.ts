/**
 * Which names are versions of the same thing. Two names are near-duplicates when they are equal after this:
 * 1. Of the last column (the title, where a name has several), additions at the end are taken off again and again: what
 *    stands in brackets when a word of it says a version ("(2011 Remaster)"), and what stands after a dash between blanks
 *    when it is nothing but a version ("- Live", "- Live at the Opera House, 1999", "- Radio Edit"). More is asked of the
 *    latter because titles stand after dashes too: "James Bond - Live and Let Die".
 * 2. Case, accents, kinds of quotation marks and repeated blanks do not count. Other punctuation does: C++ is not C.
 * The other columns are only folded by 2, so songs of the same title by two artists stay two. Words that name another
 * piece of music (remix, mix, cover, instrumental, karaoke, tribute, part) are no versions, whatever stands beside them.
 * A title that is nothing but additions stays whole.
 */
import { ITEM_SEPARATOR } from '../../../protocol/dataset-spec.ts';
import { folded } from '../../../protocol/text/fold.ts';

const VERSION =
  /\b(live|remaster(ed)?|mono|stereo|version|edit|demo|acoustic|unplugged|re-?recorded|bonus track|deluxe|anniversary|explicit|clean|radio|session)\b/iu;

const ANOTHER_PIECE = /\b(remix|mix|cover|instrumental|karaoke|tribute|part|pt)\b/iu;

/** What stands in brackets at the end. */
const IN_BRACKETS = /^(.*\S)\s*[([]([^()[\]]*)[)\]]\s*$/su;
/** What stands after the last dash between blanks. */
const AFTER_DASH = /^(.*\S)\s+[-–—]\s+(\S.*)$/su;

/** Words that say nothing but a version; and nouns for one, which end an addition of a few words. */
const ALONE =
  'live|acoustic|unplugged|remaster(?:ed)?|re-?recorded|mono|stereo|demo|version|edit|session|' +
  'deluxe|anniversary|explicit|clean|bonus track';
const NOUN =
  'remaster(?:ed)?|version|edit|demo|session|mono|stereo|bonus track|(?:deluxe|anniversary) edition';
const YEAR = "(?:19|20)\\d\\d|'\\d\\d";
/** Forms of what stands after a dash: versions and years alone; a noun at the end; a performance and where it was. */
const DASH_FORMS = [
  `^(?:${YEAR})?(?:[\\s,/]*(?:${ALONE}))+(?:[\\s,/]*(?:${YEAR}))?$`,
  `^(?:\\S+\\s+){1,4}(?:${NOUN})(?:[\\s,/]+(?:${YEAR}))?$`,
  `^(?:recorded )?(?:live|acoustic|unplugged|demo|session|remaster(?:ed)?)(?:,|\\s+(?:at|from|in|on|@))\\s+\\S`,
].map((form) => new RegExp(form, 'iu'));
/** Longer ones are no mere additions. */
const LONGEST_AFTER_DASH = 80;

function isVersion(addition: string): boolean {
  return VERSION.test(addition) && !ANOTHER_PIECE.test(addition);
}

function isVersionAfterDash(addition: string): boolean {
  const said = addition.trim();
  return said.length <= LONGEST_AFTER_DASH && isVersion(said) && DASH_FORMS.some((form) => form.test(said));
}

/** What may be an addition, and whether it is one. */
const ADDITIONS = [
  { form: IN_BRACKETS, says: isVersion },
  { form: AFTER_DASH, says: isVersionAfterDash },
] as const;

/** Longer names are compared as they are: no title is so long. */
const LONGEST = 1000;

function withoutAddition(title: string): string | undefined {
  for (const { form, says } of ADDITIONS) {
    const [, rest, addition = ''] = form.exec(title) ?? [];
    if (rest !== undefined && says(addition)) return rest;
  }
  return undefined;
}

function titleOf(title: string): string {
  let rest = title;
  for (let shorter = withoutAddition(rest); shorter !== undefined; shorter = withoutAddition(rest))
    rest = shorter;
  return rest;
}

/** Without case, accents, kinds of quotation marks and repeated blanks. */
function comparable(text: string): string {
  return folded(text.replace(/[‘’‚´`]/gu, "'").replace(/[“”„«»]/gu, '"'));
}

/** A name without additions that say a version. */
export function withoutVersion(name: string): string {
  if (name.length > LONGEST) return name;
  const columns = name.split(ITEM_SEPARATOR);
  const title = columns.pop() ?? '';
  return [...columns, titleOf(title)].join(ITEM_SEPARATOR);
}

/** Equal for near-duplicates. */
export function versionKey(name: string): string {
  return name.length > LONGEST ? name : comparable(withoutVersion(name));
}
