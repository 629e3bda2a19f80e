interface Target {
  target: string;
  os: string;
  cpu: string;
  name: string;
  version: string;
  integrity: string;
}
export function chosenTargets(names: readonly string[]): Target[];
