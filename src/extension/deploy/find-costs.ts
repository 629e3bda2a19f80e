/** *Find What Costs Money*: all that RecSys made in an account, in all regions, and what of it is to go. */
import * as vscode from 'vscode';
import { withCompanions } from '../../protocol/companions.ts';
import type { CostsReport, HourlyPrice, MadeThing } from '../../protocol/costs.ts';
import { escapeIcons, escapeLinks } from '../../protocol/text/escape.ts';
import { formatBytes, formatDollars } from '../../protocol/text/format.ts';
import { pieceText } from '../../protocol/text/piece-text.ts';
import type { Services } from '../services.ts';
import { askingWords, awsChild } from './aws-child.ts';
import { spanText } from './aws-text.ts';
import { changeAtAws, placeWords } from './change-at-aws.ts';
import { pickProfile } from './pick-profile.ts';

const title = (): string => vscode.l10n.t('RecSys: Find What Costs Money');

export async function findCosts(services: Services): Promise<void> {
  const store = services.stores.first();
  const { site } = store;
  const chosenProfile = await pickProfile(site, services.deployments.remembered, title());
  if (chosenProfile === undefined) return;
  const { name: profile, region } = chosenProfile;
  const { CostsReport } = await import('../late.ts');
  const report = await awsChild({
    ...{ site, reply: CostsReport },
    words: ['endpoint', 'costs', ...placeWords({ profile, region }), ...askingWords(site)],
    title: vscode.l10n.t('RecSys: looking into all regions'),
  });
  if (report === undefined) return;
  tellUnseen(report);
  if (report.things.length === 0) {
    const account = vscode.l10n.t('RecSys has left nothing in account {0}.', report.account);
    void vscode.window.showInformationMessage(escapeLinks(account));
    return;
  }
  const chosen = withCompanions(await pickThings(report), report.things);
  if (chosen.length === 0 || !(await areMeant(chosen))) return;
  await changeAtAws(services, {
    ...{ store, what: 'things', name: undefined, profile, region },
    words: ['delete', ...chosen.flatMap(({ arn }) => ['--arn', arn]), '--yes'],
  });
}

/** What could not be looked at may cost money as well. */
function tellUnseen({ failures }: CostsReport): void {
  if (failures.length === 0) return;
  const all = failures.map(({ region, message }) => `${region}: ${message}`).join(' ');
  void vscode.window.showWarningMessage(escapeLinks(vscode.l10n.t('Not looked at: {0}', all)));
}

/** @returns ARNs */
async function pickThings(report: CostsReport): Promise<readonly string[]> {
  const now = Date.now();
  const items = report.things.map((thing) => ({ ...itemOf(thing, now), thing }));
  const { hourly, account, unknownPrices } = report;
  const sum = vscode.l10n.t('{0} an hour in account {1}', formatDollars(hourly), account);
  const unknown = unknownPrices === 0 ? '' : vscode.l10n.t('; {0} prices are unknown', unknownPrices);
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title: `${title()} · ${sum}${unknown}`, canPickMany: true, ignoreFocusOut: true },
    ...{ matchOnDescription: true, matchOnDetail: true },
    placeHolder: vscode.l10n.t('Choose what is to be deleted'),
  });
  return chosen?.map(({ thing }) => thing.arn) ?? [];
}

function itemOf(thing: MadeThing, now: number): vscode.QuickPickItem {
  const { region, price, soFar, created, on, bytes, isOver, workspace, owner } = thing;
  const facts = [
    ...[region, priceText(price), ...(on === undefined ? [] : [on])],
    ...(bytes === undefined ? [] : [formatBytes(bytes)]),
  ];
  const more = [
    ...(created === undefined ? [] : [vscode.l10n.t('for {0}', spanText(now - Date.parse(created)))]),
    ...(soFar === undefined || price.type === 'nothing'
      ? []
      : [vscode.l10n.t('about {0} so far', formatDollars(soFar))]),
    ...(isOver ? [vscode.l10n.t('its time is over')] : []),
    ...(workspace === undefined ? [] : [vscode.l10n.t('of workspace {0}', workspace)]),
    ...(owner === undefined ? [] : [owner]),
  ];
  return {
    label: escapeIcons(pieceText(thing)),
    description: escapeIcons(facts.join(' · ')),
    detail: escapeIcons(more.join(' · ')),
  };
}

function priceText(price: HourlyPrice): string {
  switch (price.type) {
    case 'known':
      if (price.each !== undefined)
        return vscode.l10n.t(
          '{0} an hour now, {1} for each that is up (price of {2})',
          formatDollars(price.usd),
          formatDollars(price.each),
          price.asked.slice(0, 10),
        );
      return vscode.l10n.t('{0} an hour (price of {1})', formatDollars(price.usd), price.asked.slice(0, 10));
    case 'by-request':
      return vscode.l10n.t('nothing when idle');
    case 'by-storage':
      return vscode.l10n.t('paid by its size');
    case 'nothing':
      return vscode.l10n.t('costs nothing');
    case 'unknown':
      return vscode.l10n.t('price unknown: {0}', price.why);
  }
}

async function areMeant(things: readonly MadeThing[]): Promise<boolean> {
  const detail = things.map((thing) => `• ${pieceText(thing)} (${thing.region})`).join('\n');
  const yes = vscode.l10n.t('Delete');
  const question = vscode.l10n.t('Delete all of this at AWS? What was made together goes together.');
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, yes)) === yes;
}
