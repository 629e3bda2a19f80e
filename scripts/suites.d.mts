interface Suite {
  name: string;
  command: string;
  args: readonly string[];
  /** Asked when the suite starts: what it needs is there by then. */
  env?: () => Readonly<Record<string, string | undefined>>;
  /** The exit code alone counts, as one check. */
  check?: boolean;
  /** Names of suites that are waited for, and without which this one cannot run. */
  needs?: readonly string[];
  /** Suites of different lanes run beside each other; those of none, one after the other. */
  lane?: string;
}
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
export function runSuites(suites: readonly Suite[]): Promise<Counts>;
export function closingLine(counts: Counts): string;
