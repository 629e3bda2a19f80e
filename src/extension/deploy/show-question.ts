/** How a question of a process that deploys or predicts is put to a person. */
import * as path from 'node:path';
import * as vscode from 'vscode';
import { YES } from '../../protocol/answers.ts';
import type { DeployedModel } from '../../protocol/deployment.ts';
import type { PlannedDeployment, PlannedTransform, Question } from '../../protocol/question.ts';
import { escapeIcons, escapeLinks, oneLine } from '../../protocol/text/escape.ts';
import { capacityText, modelText, priceText, profileText } from './aws-text.ts';
import { pickInstances } from './pick-instances.ts';
import { graphLines } from './graph-lines.ts';
import type { Remembered } from './remembered.ts';

type Of<K extends Question['kind']> = Extract<Question, { kind: K }>;
export type AskedAtOnce = Of<'code' | 'role' | 'confirm' | 'confirmTransform'>;

/** Whether a person answers by a yes, and by turning away says no. */
export function isConfirmation({ kind }: AskedAtOnce): boolean {
  return kind === 'confirm' || kind === 'confirmTransform';
}

export interface Showing {
  readonly remembered: Remembered;
  /** Is cancelled when the question is not asked any more. */
  readonly token: vscode.CancellationToken;
  /** The title of a model's run. */
  readonly runTitle: (run: string) => string;
}

/** @returns undefined where it was closed without an answer, and of a confirmation where the person turned away */
export function showQuestion(question: AskedAtOnce, showing: Showing): Promise<string | undefined> {
  switch (question.kind) {
    case 'code':
      return askCode(question, showing);
    case 'role':
      return askRole(question, showing);
    case 'confirm':
      return askConfirmation(question, showing);
    case 'confirmTransform':
      return askTransform(question, showing);
  }
}

async function askCode(question: Of<'code'>, { token }: Showing): Promise<string | undefined> {
  const code = await vscode.window.showInputBox(
    {
      title: vscode.l10n.t('RecSys: code for {0}', profileText(question.profile)),
      prompt: vscode.l10n.t('Code of the device {0}, for {1}', question.device, question.about),
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^\d{6,10}$/.test(text.trim()) ? undefined : vscode.l10n.t('The digits that the device shows'),
    },
    token,
  );
  return code?.trim();
}

interface RoleItem extends vscode.QuickPickItem {
  readonly choice: { readonly role: string } | 'type' | 'policy';
}

async function askRole(question: Of<'role'>, showing: Showing): Promise<string | undefined> {
  const { remembered, token } = showing;
  const title = vscode.l10n.t('RecSys: role for {0}', question.about);
  const chosen = await vscode.window.showQuickPick(
    roleItems(question, remembered.role(question.profile)),
    {
      ...{ title, ignoreFocusOut: true, matchOnDetail: true },
      placeHolder: vscode.l10n.t('What SageMaker takes to fetch the model and to write what comes of it'),
    },
    token,
  );
  if (chosen === undefined) return undefined;
  if (chosen.choice === 'policy') return showPolicy(question);
  const role = chosen.choice === 'type' ? await typeRole(title, token) : chosen.choice.role;
  if (role !== undefined) await remembered.chooseRole(question.profile, role);
  return role;
}

function roleItems({ roles }: Of<'role'>, last: string | undefined): RoleItem[] {
  const listed = [...(roles ?? [])];
  if (last !== undefined && (roles === undefined || roles.includes(last))) listed.unshift(last);
  const detail =
    roles === undefined
      ? vscode.l10n.t('The roles of the account may not be listed.')
      : roles.length === 0
        ? vscode.l10n.t('The account has no role that SageMaker may take.')
        : '';
  return [
    ...[...new Set(listed)].map((role) => ({
      label: escapeIcons(role.slice(role.lastIndexOf('/') + 1)),
      description: role === last ? vscode.l10n.t('chosen last time') : '',
      detail: escapeIcons(role),
      choice: { role },
    })),
    { label: `$(edit) ${vscode.l10n.t('Type a role…')}`, detail, choice: 'type' },
    {
      label: `$(law) ${vscode.l10n.t('Print least policy')}`,
      detail: vscode.l10n.t('What a role must be allowed and who may take it, to make one with'),
      choice: 'policy',
    },
  ];
}

async function typeRole(title: string, token: vscode.CancellationToken): Promise<string | undefined> {
  const role = await vscode.window.showInputBox(
    {
      title,
      prompt: vscode.l10n.t('Its name, or its ARN'),
      ignoreFocusOut: true,
      validateInput: (text) =>
        /^[\w+=,.@:/-]{1,2000}$/.test(text.trim()) ? undefined : vscode.l10n.t('A name or an ARN of a role'),
    },
    token,
  );
  return role?.trim();
}

/** Making a role takes a person elsewhere: the question waits. */
async function showPolicy({ policy }: Of<'role'>): Promise<undefined> {
  const document = await vscode.workspace.openTextDocument({ language: 'json', content: policy });
  await vscode.window.showTextDocument(document);
  return undefined;
}

async function askConfirmation(
  { plan, profile }: Of<'confirm'>,
  showing: Showing,
): Promise<string | undefined> {
  const deploy = vscode.l10n.t('Deploy');
  const question = vscode.l10n.t('Deploy {0} as {1}?', oneLine(plan.model, 80), plan.endpoint);
  const lines = planLines(plan, profile, showing.runTitle);
  return (await showPlan(question, lines, [deploy])) === deploy ? YES : undefined;
}

async function askTransform(
  { plan, profile }: Of<'confirmTransform'>,
  { runTitle, token }: Showing,
): Promise<string | undefined> {
  const question = vscode.l10n.t('Predict {0} at AWS?', oneLine(path.basename(plan.output), 80));
  const [predict, others] = [vscode.l10n.t('Predict'), vscode.l10n.t('Other Instances…')];
  while (!token.isCancellationRequested) {
    const chosen = await showPlan(question, transformLines(plan, profile, runTitle), [predict, others]);
    if (chosen === predict) return YES;
    if (chosen === undefined) return undefined;
    // Without a choice the plan is shown again.
    const answer = await pickInstances(plan, question, token);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** @returns the button that was chosen */
async function showPlan(
  question: string,
  lines: readonly string[],
  buttons: readonly string[],
): Promise<string | undefined> {
  const detail = lines.map((line) => oneLine(line)).join('\n');
  return vscode.window.showInformationMessage(escapeLinks(question), { modal: true, detail }, ...buttons);
}

const FRONTS = {
  iam: () => vscode.l10n.t('GET /predict, for callers whom IAM allows'),
  token: () => vscode.l10n.t('GET /predict, for whoever has its token'),
} as const;

interface Place {
  readonly account: string;
  readonly caller: string;
  readonly region: string;
}

function placeLines({ account, caller, region }: Place, profile: string | undefined): string[] {
  return [
    vscode.l10n.t('Account: {0}, by {1}', account, profileText(profile)),
    vscode.l10n.t('As: {0}', caller),
    vscode.l10n.t('Region: {0}', region),
  ];
}

function modelLine(source: DeployedModel, runTitle: Showing['runTitle']): string {
  const { model, kind, run, everything } = source;
  const whose = run === undefined ? (source.package ?? '') : runTitle(run);
  return everything === true
    ? vscode.l10n.t(
        'Model: {0}; it was not measured itself',
        modelText({ model, kind, everything: true }, whose),
      )
    : vscode.l10n.t('Model: {0}, as it was evaluated', modelText({ model, kind }, whose));
}

function sentLines({ bucket, image, role }: Pick<PlannedDeployment, 'bucket' | 'image' | 'role'>): string[] {
  return [
    vscode.l10n.t('Bucket: {0}', bucket),
    vscode.l10n.t('Container: {0}', image),
    vscode.l10n.t('Role: {0}', role),
  ];
}

function planLines(
  plan: PlannedDeployment,
  profile: string | undefined,
  runTitle: Showing['runTitle'],
): string[] {
  const { endpoint, capacity, front } = plan;
  const price = priceText(plan);
  return [
    ...placeLines(plan, profile),
    vscode.l10n.t('Endpoint: {0}', endpoint),
    modelLine(plan, runTitle),
    ...(plan.graph === undefined ? [] : graphLines(plan.graph)),
    vscode.l10n.t('On: {0}', capacityText(capacity)),
    ...(price === undefined ? [] : [vscode.l10n.t('One instance: {0}', price)]),
    ...sentLines(plan),
    ...(front === undefined ? [] : [vscode.l10n.t('REST front: {0}', FRONTS[front]())]),
    stayLine(plan),
  ];
}

function stayLine({ expires, clock }: PlannedDeployment): string {
  if (expires === undefined) return vscode.l10n.t('Stays: until it is taken away');
  const date = new Date(expires).toLocaleString();
  return clock === true
    ? vscode.l10n.t('Stays: until {0}; a clock at AWS takes it away then, where you may set one', date)
    : vscode.l10n.t('Stays: until {0}; nothing at AWS takes it away by itself', date);
}

function transformLines(
  plan: PlannedTransform,
  profile: string | undefined,
  runTitle: Showing['runTitle'],
): string[] {
  const { instance, count } = plan;
  const cost = priceText(plan) ?? vscode.l10n.t('its price is unknown');
  return [
    ...placeLines(plan, profile),
    modelLine(plan, runTitle),
    vscode.l10n.t('On: {0} × {1} for as long as the job takes; {2}', count, instance, cost),
    ...sentLines(plan),
    vscode.l10n.t('Stays: nothing; all of it is taken away when the job has ended'),
  ];
}
