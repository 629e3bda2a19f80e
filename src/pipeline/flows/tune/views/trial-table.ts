import type { ParameterValue } from '../../../../protocol/parameters.ts';
import type { TrialView, TuningView } from '../../../../protocol/tuning.ts';
import { formatSeconds } from '../../../../protocol/text/format.ts';
import { estimateText, plainText } from '../../../terminal/format.ts';
import { paint, table } from '../../../terminal/terminal.ts';

/** Measured trials, the best first; each setting once, where it was best. */
export function bestTrials({ trials, best }: TuningView): TrialView[] {
  const measured = trials
    .filter(({ estimate }) => estimate !== undefined)
    .sort((a, b) => (b.estimate?.value ?? 0) - (a.estimate?.value ?? 0) || b.rung - a.rung);
  const winner = measured.filter(({ path }) => path === best);
  const all = [...winner, ...measured];
  return all.filter(({ trial }, index) => all.findIndex((other) => other.trial === trial) === index);
}

function valueText(value: ParameterValue | undefined): string {
  if (value === undefined) return '';
  return plainText(typeof value === 'number' ? String(Number(value.toPrecision(3))) : String(value));
}

/** The best trials of a tuning with their parameters, as rows of a table. */
export function trialRows(view: TuningView, most: number): { heading: string[]; rows: string[][] } {
  const { plan, metric = '', best } = view;
  const names = plan.axes.map(({ name }) => name);
  const rows = bestTrials(view)
    .slice(0, most)
    .map((trial) => [
      `${trial.trial ?? ''}${trial.path === best ? ' *' : ''}${trial.trial === plan.start ? ' (start)' : ''}`,
      plan.rungs[trial.rung]?.step ?? '',
      trial.estimate === undefined ? '' : estimateText(trial.estimate),
      trial.seconds === undefined ? '' : formatSeconds(trial.seconds),
      ...names.map((name) => valueText(trial.parameters?.[name])),
    ]);
  return { heading: ['trial', 'rung', metric, 'fit', ...names], rows };
}

const SHOWN = 10;

/** What came of the trials: how many, the best of them, and how to use the winner. */
export function trialTable(view: TuningView): string {
  const { trials, command, plan } = view;
  const count = (state: TrialView['state']): number => trials.filter((trial) => trial.state === state).length;
  const [skipped, failed] = [count('skipped'), count('failed')];
  const { heading, rows } = trialRows(view, SHOWN);
  const facts = [
    `${count('succeeded')} trials of ${plan.title} in ${formatSeconds(view.spent)}`,
    skipped === 0 ? '' : `${skipped} skipped`,
    failed === 0 ? '' : `${failed} failed`,
  ].filter((fact) => fact !== '');
  const right = heading.map((_, i) => i).slice(2);
  return [
    paint.bold(`${facts.join(', ')}; the best on validation:`),
    rows.length === 0 ? 'none is measured yet' : table(heading, rows, right),
    ...(command === undefined ? [] : ['', 'A run with these parameters:', `  ${plainText(command)}`]),
  ].join('\n');
}
