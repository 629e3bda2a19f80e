/** The row of an endpoint at SageMaker, as the store knows it. */
import * as vscode from 'vscode';
import type { EndpointModel, SageMakerEndpoint } from '../../protocol/endpoint.ts';
import { isPast } from '../../protocol/is-past.ts';
import { escapeMarkdown, oneLine } from '../../protocol/text/escape.ts';
import { formatPercent } from '../../protocol/text/format.ts';
import { hintInWindow } from '../../protocol/text/window-hint.ts';
import {
  capacityText,
  modelText,
  profileText,
  shortCapacity,
  spanText,
  stepText,
} from '../deploy/aws-text.ts';

export interface AwsRowFacts {
  /** The title of a model's run. */
  readonly whose: (model: EndpointModel) => string;
  /** What AWS said of it when it was asked last. */
  readonly status: string | undefined;
  readonly now: number;
}

export function awsRow(endpoint: SageMakerEndpoint, facts: AwsRowFacts): vscode.TreeItem {
  const item = new vscode.TreeItem(endpoint.name);
  item.contextValue = tokensOf(endpoint);
  item.iconPath = iconOf(endpoint);
  item.description = oneLine(description(endpoint, facts));
  item.tooltip = tooltip(endpoint, facts);
  return item;
}

/** Words by which menus recognise it. */
export function tokensOf({ state, earlier, deployment, front, changing }: SageMakerEndpoint): string {
  const facts: [string, boolean][] = [
    ['deploying', state === 'deploying' && deployment !== undefined],
    ['answering', state === 'inService'],
    ['fronted', state === 'inService' && front !== undefined],
    ['revertible', state === 'inService' && earlier !== undefined && changing === undefined],
    ['deletable', state !== 'deploying' && state !== 'damaged' && changing === undefined],
  ];
  return ['sagemaker', ...facts.filter(([, holds]) => holds).map(([token]) => token)].join(' ');
}

/** What is left over may cost money, so it is told as a failure is. */
function iconOf({ state, failure, cancelled, changing, ranOut }: SageMakerEndpoint): vscode.ThemeIcon {
  const icon = (name: string, colour?: string): vscode.ThemeIcon =>
    colour === undefined
      ? new vscode.ThemeIcon(name)
      : new vscode.ThemeIcon(name, new vscode.ThemeColor(colour));
  if (changing !== undefined) return icon('loading~spin');
  switch (state) {
    case 'deploying':
      return icon('loading~spin');
    case 'inService':
      return failure === undefined || cancelled === true
        ? icon('cloud')
        : icon('cloud', 'list.warningForeground');
    case 'left':
      return icon('warning', 'list.warningForeground');
    case 'damaged':
      return icon('error', 'list.errorForeground');
    case 'ended':
      if (ranOut === true) return icon('history');
      return cancelled === true ? icon('circle-slash') : icon('error', 'list.errorForeground');
  }
}

function description(endpoint: SageMakerEndpoint, facts: AwsRowFacts): string {
  const { region = '', capacity, answering, deployed, front } = endpoint;
  const model = answering ?? deployed;
  return [
    stateText(endpoint, facts),
    ...(model === undefined ? [] : [modelText(model, facts.whose(model))]),
    ...(capacity === undefined ? [] : [shortCapacity(capacity)]),
    region,
    front === undefined ? '' : vscode.l10n.t('REST front'),
    ...timesOf(endpoint, facts),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

function stateText(endpoint: SageMakerEndpoint, facts: AwsRowFacts): string {
  const { state, activity, cancelled, ranOut, changing } = endpoint;
  if (changing !== undefined) return changingText(changing);
  switch (state) {
    case 'deploying':
      return activity === undefined
        ? vscode.l10n.t('deploying')
        : `${formatPercent(activity.fraction)} ${stepText(activity.step)}`;
    case 'inService':
      return serviceText(endpoint, facts);
    case 'left':
      return ranOut === true
        ? vscode.l10n.t('its time was over, pieces were left')
        : vscode.l10n.t('not in service, pieces were left');
    case 'ended':
      if (ranOut === true) return vscode.l10n.t('its time was over, it was taken away');
      return cancelled === true ? vscode.l10n.t('cancelled') : vscode.l10n.t('failed');
    case 'damaged':
      return vscode.l10n.t('cannot be read');
  }
}

function changingText(what: NonNullable<SageMakerEndpoint['changing']>): string {
  if (what === 'rollback') return vscode.l10n.t('being rolled back');
  return what === 'deleteFront'
    ? vscode.l10n.t('in service, its front is being taken away')
    : vscode.l10n.t('being taken away');
}

function serviceText(endpoint: SageMakerEndpoint, { status, now }: AwsRowFacts): string {
  const { cancelled, failure, removal } = endpoint;
  if (status === 'gone' && isPast(endpoint.expires, now)) return goneText(endpoint);
  if (status !== undefined && status !== 'InService') return vscode.l10n.t('AWS says: {0}', status);
  if (removal === 'front') return vscode.l10n.t('in service, its front was being taken away');
  if (removal !== undefined) return vscode.l10n.t('was being taken away');
  if (failure !== undefined && cancelled !== true) return vscode.l10n.t('in service, the update failed');
  return vscode.l10n.t('in service');
}

/** Of one that is not there any more. */
function goneText({ clock }: SageMakerEndpoint): string {
  return clock === true
    ? vscode.l10n.t('its time was over, taken away by the clock at AWS')
    : vscode.l10n.t('its time was over, it is gone');
}

function timesOf({ since, expires }: SageMakerEndpoint, { now, status }: AwsRowFacts): string[] {
  if (status === 'gone') return [];
  const age = since === undefined ? [] : [vscode.l10n.t('for {0}', spanText(now - Date.parse(since)))];
  if (expires === undefined) return age;
  const left = Date.parse(expires) - now;
  return [...age, left <= 0 ? vscode.l10n.t('its time is over') : vscode.l10n.t('{0} left', spanText(left))];
}

/** What keeps its time; whether that was done is known when AWS was asked. */
function stayText(endpoint: SageMakerEndpoint, date: string, now: number): string {
  if (endpoint.clock !== true)
    return vscode.l10n.t('To be taken away at {0}; nothing at AWS does so by itself', date);
  return isPast(endpoint.expires, now)
    ? vscode.l10n.t(
        'Was to be taken away by a clock at AWS at {0}: refresh its status to see whether it was; deleting it clears what is left',
        date,
      )
    : vscode.l10n.t('A clock at AWS takes it away at {0}', date);
}

function tooltip(endpoint: SageMakerEndpoint, { whose, status, now }: AwsRowFacts): vscode.MarkdownString {
  const {
    state,
    account,
    region,
    profile,
    answering,
    earlier,
    capacity,
    since,
    expires,
    pieces,
    failure,
    front,
  } = endpoint;
  const date = (iso: string): string => new Date(iso).toLocaleString();
  const named = (model: EndpointModel): string => modelText(model, whose(model));
  const lines = [
    ...(account === undefined
      ? []
      : [vscode.l10n.t('Account {0}, region {1}, by {2}', account, region ?? '', profileText(profile))]),
    ...(answering === undefined ? [] : [vscode.l10n.t('Answers by {0}', named(answering))]),
    ...(since === undefined ? [] : [vscode.l10n.t('Since {0}', date(since))]),
    ...(capacity === undefined ? [] : [capacityText(capacity)]),
    ...(front === undefined ? [] : [vscode.l10n.t('REST front: {0}', front)]),
    ...(expires === undefined ? [] : [stayText(endpoint, date(expires), now)]),
    ...(earlier === undefined ? [] : [vscode.l10n.t('Can be rolled back to {0}', named(earlier))]),
    ...(status === undefined ? [] : [vscode.l10n.t('AWS says: {0}', status)]),
    // Of what answers it is enough to be told before it goes.
    ...(state === 'left' ? [vscode.l10n.t('May still be at AWS: {0}', pieces.join(', '))] : []),
    ...(failure === undefined ? [] : [[failure.message, hintInWindow(failure)].join(' ')]),
  ];
  return new vscode.MarkdownString(lines.map(escapeMarkdown).join('  \n'));
}
