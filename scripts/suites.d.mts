interface Suite {
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** The exit code alone counts, as one check. */
  check?: boolean;
  /** Name of an earlier suite without which this one cannot run. */
  needs?: string;
}
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}
export function runSuites(suites: readonly Suite[]): Promise<Counts>;
export function closingLine(counts: Counts): string;
