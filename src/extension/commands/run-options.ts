/** *Train with Options*: what advice names, in lists: models, minimum length, sample, seed. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ModelKindEntry } from '../../protocol/engine.ts';
import { pickMany, pickOne } from '../preview/quick-steps.ts';
import type { Services } from '../services.ts';

/** What was chosen; absent: what the run would take by itself. */
export interface RunOptions {
  readonly models?: readonly string[];
  readonly minimumLength?: number;
  /** Percent of the sequences. */
  readonly sample?: number;
  readonly seed?: number;
}

type NumberOption = 'minimumLength' | 'sample' | 'seed';

interface Row extends vscode.QuickPickItem {
  readonly change: 'start' | 'models' | NumberOption;
}

/**
 * Asks for options until they are accepted.
 * @returns words of the command; undefined when the user turned away
 */
export async function chooseOptions({ stores }: Services, file: string): Promise<string[] | undefined> {
  const { kinds } = await stores.request('models/kinds', {});
  let options: RunOptions = {};
  for (;;) {
    const chosen = await pickOne(rowsOf(options, kinds), {
      title: vscode.l10n.t('Options of training on {0}', path.basename(file)),
      placeholder: vscode.l10n.t('Press Enter to train, or choose an option to change it'),
    });
    if (chosen === undefined || chosen === 'back') return undefined;
    if (chosen.change === 'start') return wordsOf(options);
    options =
      chosen.change === 'models'
        ? { ...options, ...(await pickModels(options, kinds)) }
        : { ...options, ...(await askNumber(chosen.change, options)) };
  }
}

/** As the command line has them. */
export function wordsOf({ models, minimumLength, sample, seed }: RunOptions): string[] {
  return [
    ...(models === undefined ? [] : ['--models', models.join(',')]),
    ...(minimumLength === undefined ? [] : ['--minimum-length', String(minimumLength)]),
    ...(sample === undefined ? [] : ['--sample-fraction', String(sample / 100)]),
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
  ];
}

function rowsOf(options: RunOptions, kinds: readonly ModelKindEntry[]): Row[] {
  const number = (change: NumberOption): Row => {
    const value = options[change];
    const { title, unit, help } = NUMBERS[change]();
    const shown = value === undefined ? vscode.l10n.t('as it is') : `${value}${unit}`;
    return { label: `$(edit) ${title}: ${shown}`, detail: help, change };
  };
  const names = options.models ?? kinds.filter(({ byDefault }) => byDefault).map(({ name }) => name);
  return [
    { label: `$(check) ${vscode.l10n.t('Train')}`, change: 'start' },
    {
      label: `$(edit) ${vscode.l10n.t('Models')}: ${String(names.length)}`,
      detail: names.join(', '),
      change: 'models',
    },
    number('minimumLength'),
    number('sample'),
    number('seed'),
  ];
}

interface NumberHelp {
  readonly title: string;
  readonly unit: string;
  readonly help: string;
  readonly least: number;
  readonly most: number;
  readonly whole: boolean;
}

const NUMBERS: Readonly<Record<NumberOption, () => NumberHelp>> = {
  minimumLength: () => ({
    title: vscode.l10n.t('Minimum length'),
    unit: '',
    help: vscode.l10n.t('Shorter sequences are left out; 2 at least'),
    ...{ least: 2, most: 1_000_000, whole: true },
  }),
  sample: () => ({
    title: vscode.l10n.t('Sample'),
    unit: ' %',
    help: vscode.l10n.t('Percent of the sequences to take, for a quick look at large data'),
    ...{ least: 0.0001, most: 100, whole: false },
  }),
  seed: () => ({
    title: vscode.l10n.t('Seed'),
    unit: '',
    help: vscode.l10n.t('Of the sample, the split and training'),
    ...{ least: 0, most: 2 ** 31 - 1, whole: true },
  }),
};

/** An empty answer takes the option away. */
async function askNumber(
  option: NumberOption,
  options: RunOptions,
): Promise<Partial<Record<NumberOption, number>>> {
  const { title, help, least, most, whole } = NUMBERS[option]();
  const text = await vscode.window.showInputBox({
    title,
    prompt: help,
    value: options[option] === undefined ? '' : String(options[option]),
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === '' || isNumber(value, least, most, whole)
        ? undefined
        : whole
          ? vscode.l10n.t('A whole number from {0} to {1}', least, most)
          : vscode.l10n.t('A number from {0} to {1}', least, most),
  });
  return text === undefined || text.trim() === '' ? {} : { [option]: Number(text) };
}

function isNumber(text: string, least: number, most: number, whole: boolean): boolean {
  const value = Number(text);
  return value >= least && value <= most && (!whole || Number.isInteger(value));
}

async function pickModels(
  options: RunOptions,
  kinds: readonly ModelKindEntry[],
): Promise<Pick<RunOptions, 'models'>> {
  const items = kinds.map((kind) => ({
    ...{ label: kind.title, description: kind.name, detail: kind.description },
    name: kind.name,
    selected: options.models?.includes(kind.name) ?? kind.byDefault,
  }));
  const picked = await pickMany(
    items,
    items.filter(({ selected }) => selected),
    { title: vscode.l10n.t('Models to train and compare'), placeholder: '', canGoBack: true },
  );
  if (picked === undefined || picked === 'back' || picked.length === 0) return {};
  return { models: picked.map(({ name }) => name) };
}
