/** Words for what is at AWS. */
import * as vscode from 'vscode';
import type { Capacity } from '../../protocol/deployment.ts';
import type { EndpointModel } from '../../protocol/endpoint.ts';
import type { PlannedTransform } from '../../protocol/question.ts';
import { formatDollars } from '../../protocol/text/format.ts';

export function capacityText(capacity: Capacity): string {
  if (capacity.type === 'serverless')
    return vscode.l10n.t(
      'serverless, {0} MB, {1} requests at once; idle it costs nothing',
      capacity.memory,
      capacity.concurrency,
    );
  if (capacity.type === 'toZero')
    return vscode.l10n.t(
      '0 to {0} × {1}, paid by the hour while there are any; idle they all go, and the first request after that fails until one is up, some minutes later',
      capacity.most,
      capacity.instance,
    );
  const { count, most, instance } = capacity;
  const howMany = most > count ? vscode.l10n.t('{0} to {1}', count, most) : String(count);
  return vscode.l10n.t('{0} × {1}, paid by the hour', howMany, instance);
}

/** The same for a row of a list. */
export function shortCapacity(capacity: Capacity): string {
  switch (capacity.type) {
    case 'serverless':
      return vscode.l10n.t('serverless');
    case 'toZero':
      return vscode.l10n.t('{0}, to zero', capacity.instance);
    case 'instances':
      return capacity.instance;
  }
}

/** What AWS told of a price; undefined where it told none. */
export function priceText({ price }: Pick<PlannedTransform, 'price'>): string | undefined {
  if (price === undefined) return undefined;
  const day = price.asked.slice(0, 10);
  return vscode.l10n.t('{0} an hour (AWS’s price of {1})', formatDollars(price.usd), day);
}

/** @param run its title */
export function modelText({ model, everything }: EndpointModel, run: string): string {
  const whose = run === '' ? model : vscode.l10n.t('{0} of {1}', model, run);
  return everything === true ? vscode.l10n.t('{0}, trained on everything', whose) : whose;
}

export function stepText(step: string): string {
  const texts: Readonly<Record<string, string>> = {
    account: vscode.l10n.t('asking for the account'),
    permissions: vscode.l10n.t('checking permissions'),
    archive: vscode.l10n.t('writing the archive'),
    upload: vscode.l10n.t('uploading'),
    model: vscode.l10n.t('making the model'),
    configuration: vscode.l10n.t('making the configuration'),
    clock: vscode.l10n.t('setting the clock'),
    endpoint: vscode.l10n.t('making the endpoint'),
    wait: vscode.l10n.t('waiting for the endpoint'),
    component: vscode.l10n.t('putting the model on it'),
    smoke: vscode.l10n.t('comparing its answers'),
    front: vscode.l10n.t('making the REST front'),
  };
  return texts[step] ?? step;
}

export function profileText(profile: string | undefined): string {
  return profile ?? vscode.l10n.t('the environment');
}

const UNITS: readonly (readonly [milliseconds: number, text: (count: number) => string])[] = [
  [86_400_000, (count) => vscode.l10n.t('{0} d', count)],
  [3_600_000, (count) => vscode.l10n.t('{0} h', count)],
  [60_000, (count) => vscode.l10n.t('{0} min', count)],
];

/** A span as one unit says it: `3 h`. */
export function spanText(milliseconds: number): string {
  const found = UNITS.find(([unit]) => milliseconds >= unit);
  return found === undefined ? vscode.l10n.t('a moment') : found[1](Math.floor(milliseconds / found[0]));
}
