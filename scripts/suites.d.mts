interface Suite {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** The exit code alone counts, as one check. */
  check?: boolean;
  /** Name of a suite that is waited for, and without which this one cannot run. */
  needs?: string;
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
