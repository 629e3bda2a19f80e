/** Writes the report of a tuning: the winner's figures as any run reports a model's, and how it came to win. */
import * as fs from 'node:fs/promises';
import type { EvaluationReport, PairedTest } from '../../../protocol/report.ts';
import type { TuningOutcome } from '../../../protocol/tuning.ts';
import { UserError } from '../../../protocol/user-error.ts';
import type { StepDefinition } from '../../flow/flow-definition.ts';
import type { StepContext } from '../../flow/step-context.ts';
import type { RankMetric } from '../../metrics/rank-metrics.ts';
import { protocolOf, QUERY_PARAMETERS } from '../next-item/evaluate/held-out-queries.ts';
import { parameterNames } from '../next-item/flow-parameters.ts';
import { preparedInput } from '../next-item/prepared-input.ts';
import { judge, measuredPart, readModels, settingOf } from '../next-item/report/measured-models.ts';
import { warningsOf } from '../next-item/report/run-warnings.ts';
import { RUNG_STEPS } from './rungs.ts';
import { trialName } from './tune-plan.ts';
import { rungsOf, tunedKind } from './tuning-plan.ts';
import { chooseWinner, leadOf, winnerName, type Winner } from './winner.ts';

const TESTED = ['hitRate@10', 'hitRate@100', 'ndcg@10'] as const;
const figure = (value: number): string => value.toFixed(4);

function trainingOf({ rung, spec }: Pick<Winner, 'rung' | 'spec'>, { manifest }: StepContext): string {
  const { length } = tunedKind(manifest).search;
  const value = length === undefined ? undefined : spec.parameters[length];
  return rung.share === 1 || length === undefined ? '' : ` after ${String(value)} ${length}`;
}

/**
 * The model that is kept is trained anew, and its own figure is the report's: another one of the same setting, from the
 * trial, would only puzzle.
 */
function whyOf(context: StepContext, winner: Winner, lead: PairedTest | undefined): string {
  const { best, rung, start } = winner;
  const { trial, metric } = best.result;
  const head = `${trial}${trainingOf(winner, context)}, by ${metric} on validation the best of all that was measured of ${triedIn(context)} settings`;
  if (start?.standing === best && rung.share === 1)
    return `${head}; it is the start: no setting found is better than what a run has without tuning.`;
  if (lead === undefined || start === undefined)
    return `${head}; how it compares with the start was not measured.`;
  return `${head}; ${figure(lead.difference)} ahead of the start (${trialName(0)}${trainingOf(start, context)}). Being the best of many on the same queries flatters it; its test figures do not.`;
}

/** The winner's parameters by their options' names: searched ones and given ones; the others are defaults anyway. */
function optionsOf(context: StepContext, { spec, best }: Winner): TuningOutcome['options'] {
  const kind = tunedKind(context.manifest);
  const { trial = {}, space } = kind.search;
  const chosen = new Set([...spec.given, ...Object.keys(space), ...Object.keys(trial)]);
  const given = Object.fromEntries(spec.given.map((name) => [name, spec.parameters[name]]));
  const whole = { ...best.result.parameters, ...lengthOf(context, spec), ...trial, ...given };
  const values = parameterNames(kind).flatMap(({ flow, own }) => {
    const value = chosen.has(own) ? whole[own] : undefined;
    return value === undefined ? [] : [[flow, value] as const];
  });
  return Object.fromEntries(values);
}

/** What was measured may have been trained for a part only. */
function lengthOf({ manifest }: StepContext, spec: Winner['spec']): TuningOutcome['options'] {
  const { length } = tunedKind(manifest).search;
  const value = length === undefined ? undefined : spec.parameters[length];
  return length === undefined || value === undefined || value === 0 ? {} : { [length]: value };
}

function outcomeOf(context: StepContext, winner: Winner, lead: PairedTest | undefined): TuningOutcome {
  const { best, rung } = winner;
  return {
    format: 1,
    metric: best.result.metric,
    winner: `${rung.step}/${best.branch.name}`,
    trial: best.result.trial,
    options: optionsOf(context, winner),
    ...(lead === undefined ? {} : { lead }),
    why: whyOf(context, winner, lead),
  };
}

/** Settings with a result in the first rung. */
function triedIn(context: StepContext): number {
  const [first] = rungsOf(context.manifest);
  return first === undefined ? 0 : context.branches(first.step).finished.length;
}

function failures(context: StepContext): EvaluationReport['failedBranches'] {
  return [...RUNG_STEPS.map(({ step }) => step), 'train', 'test'].flatMap((step) =>
    context.branches(step).failed.map(({ name, message }) => ({ name: `${step}/${name}`, message })),
  );
}

async function reportOf(context: StepContext, { metric, why }: TuningOutcome): Promise<EvaluationReport> {
  const setting = await settingOf(context);
  const models = await readModels(context, ['train'], 'test', setting);
  const name = winnerName(tunedKind(context.manifest).name);
  const winner = models.find(({ result }) => result.model.name === name)?.result.model;
  if (winner === undefined)
    throw new UserError('The best setting could not be trained and tested.', 'See why: recsys logs');
  const protocol = protocolOf(context, setting);
  const unit = protocol.clusters?.unit ?? 'sequences';
  const { verdicts, tests } = judge(models, metric as RankMetric, unit, name);
  return {
    ...measuredPart(models, protocol, failures(context)),
    selection: {
      metric,
      best: name,
      ...(winner.hasVectors ? { bestEmbedding: name } : {}),
      why: `${name} was trained with the parameters of ${why}`,
    },
    verdicts,
    pairs: { validation: [], test: tests },
    warnings: warningsOf(context, setting, protocol, ['train', 'test']),
  };
}

async function run(context: StepContext): Promise<void> {
  const winner = await chooseWinner(context);
  const lead = await leadOf(context, await preparedInput(context), winner);
  const outcome = outcomeOf(context, winner, lead);
  context.reporter.info(outcome.why);
  const report = await reportOf(context, outcome);
  const [verdict] = report.verdicts;
  if (verdict !== undefined) context.reporter.info(`On the test part: ${verdict.sentence}`);
  for (const part of ['validation', 'test'] as const) {
    for (const metric of TESTED)
      context.metric(
        `${part} ${metric}`,
        report.metrics[part][report.selection.best]?.metrics[metric]?.value ?? 0,
      );
  }
  const text = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;
  await context.write('tuning', 'tuning.json', (file) => fs.writeFile(file, text(outcome)));
  await context.write('report', 'report.json', (file) => fs.writeFile(file, text(report)));
}

export const tuningReportStep: StepDefinition = {
  name: 'report',
  title: 'Report',
  needs: ['prepare', ...RUNG_STEPS.map(({ step }) => step), 'train', 'test'],
  uses: [...QUERY_PARAMETERS, 'selectBy'],
  version: '6',
  shared: false,
  parallel: () => false,
  weight: () => 1,
  run,
};
