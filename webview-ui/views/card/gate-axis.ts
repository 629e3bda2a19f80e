/** A gate's range as people read it: logarithms as what they are of, shares as per cent, yes and no as such. */
import { count, percent, significant } from '../../kit/format.ts';

export interface GateAxis {
  readonly label: string;
  /** In the gate's own numbers. */
  readonly low: number;
  readonly high: number;
  readonly write: (value: number) => string;
}

interface Unit {
  readonly label: string;
  /** Values the gate can have. */
  readonly least?: number;
  readonly most?: number;
  /** Whether the range is all it can have, as of yes and no. */
  readonly whole?: true;
  readonly write: (value: number) => string;
}

const whole = (value: number): string => count(Math.round(value));
const counted = (value: number): string => whole(Math.exp(value) - 1);
const yesOrNo = {
  least: 0,
  most: 1,
  whole: true,
  write: (value: number) => (value > 0.5 ? 'yes' : 'no'),
} as const;

const UNITS: Readonly<Record<string, Unit>> = {
  'log length': { label: 'items in the list', least: 0, write: (value) => whole(Math.exp(value)) },
  'newest item repeated': { label: 'the newest item is a repeat', ...yesOrNo },
  'log rows of the newest item': { label: 'training rows of the newest item', least: 0, write: counted },
  'share of repeats': { label: 'share of repeats in the list', least: 0, most: 1, write: percent },
  'single item': { label: 'the list is a single item', ...yesOrNo },
  'share of known items': {
    label: 'share of the list with training rows',
    least: 0,
    most: 1,
    write: percent,
  },
};
/** Of gates that members tell, by how their names end. */
const ENDINGS: readonly (readonly [string, (member: string) => Unit])[] = [
  [
    ': highest log-probability',
    (member) => ({
      label: `${member}: highest probability`,
      most: 0,
      write: (value) => percent(Math.exp(value)),
    }),
  ],
  [
    ': support of the last two items',
    (member) => ({ label: `${member}: places of the last two items`, least: 0, write: counted }),
  ],
];

function unitOf(gate: string): Unit {
  const ending = ENDINGS.find(([end]) => gate.endsWith(end));
  if (ending !== undefined) return ending[1](gate.slice(0, -ending[0].length));
  return Object.hasOwn(UNITS, gate) ? (UNITS[gate] ?? plainUnit(gate)) : plainUnit(gate);
}

function plainUnit(gate: string): Unit {
  return { label: gate, write: (value) => significant(value, 2) };
}

/** From two spreads below the mean to two above, as far as the gate can go. */
export function gateAxis({
  name,
  mean,
  spread,
}: {
  readonly name: string;
  readonly mean: number;
  readonly spread: number;
}): GateAxis {
  const { label, write, least = -Infinity, most = Infinity, whole: all = false } = unitOf(name);
  if (all) return { label, write, low: least, high: most };
  const low = Math.max(least, mean - 2 * spread);
  return { label, write, low, high: Math.max(low, Math.min(most, mean + 2 * spread)) };
}
