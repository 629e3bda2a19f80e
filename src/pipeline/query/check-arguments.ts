/** Checks of what callers of queries give, from programs without types as well: what is wrong is said, never guessed. */
import { EXIT, UserError } from '../../protocol/user-error.ts';

function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.slice(0, 60)}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function wrong(what: string, expected: string, value: unknown): UserError {
  return new UserError(`${what} must be ${expected}, not ${shown(value)}.`, 'Give another value.', {
    exitCode: EXIT.usage,
  });
}

/** @throws UserError unless it is a whole number of at least 1 */
export function requireCount(k: unknown, what: 'neighbours' | 'items'): void {
  if (typeof k === 'number' && Number.isInteger(k) && k >= 1) return;
  throw new UserError(
    `${shown(k)} ${what} cannot be given: k must be a whole number of at least 1.`,
    'Ask for at least one.',
    { exitCode: EXIT.usage },
  );
}

/** @throws UserError unless it is text */
export function requireText(what: string, value: unknown): void {
  if (typeof value !== 'string') throw wrong(what, 'a text', value);
}

/** @throws UserError unless it is a list of names */
export function requireNames(what: string, value: unknown): void {
  if (!Array.isArray(value)) throw wrong(what, 'a list of names', value);
  for (const name of value as readonly unknown[]) requireText('An item', name);
}

/** @throws UserError unless it is one of the given texts */
export function requireOneOf(what: string, choices: readonly string[], value: unknown): void {
  if (typeof value !== 'string' || !choices.includes(value))
    throw wrong(what, `one of ${choices.join(', ')}`, value);
}

/** @throws UserError unless it is an object of the given switches, each true or false */
export function requireSwitches(what: string, names: readonly string[], value: unknown): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(what, `an object with ${names.join(' or ')}`, value);
  for (const [name, on] of Object.entries(value)) {
    requireOneOf(`A name in ${what}`, names, name);
    if (on !== undefined && typeof on !== 'boolean') throw wrong(name, 'true or false', on);
  }
}
