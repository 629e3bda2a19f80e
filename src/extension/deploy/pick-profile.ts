/** Whose account things are made in: AWS tells the account of each profile before anything is made. */
import * as vscode from 'vscode';
import type { AwsProfile } from '../../protocol/aws.ts';
import { escapeIcons } from '../../protocol/text/escape.ts';
import { errorInWindow } from '../../protocol/text/window-hint.ts';
import { UserError } from '../../protocol/user-error.ts';
import type { Site } from '../site.ts';
import { awsChild } from './aws-child.ts';
import type { Remembered } from './remembered.ts';

export interface ChosenProfile {
  /** Absent: the environment's credentials. */
  readonly name?: string | undefined;
  readonly region: string;
}

/** Options of the commands that talk to AWS. */
export function profileWords({ name, region }: ChosenProfile): string[] {
  return [...(name === undefined ? [] : ['--profile', name]), '--region', region];
}

interface ProfileItem extends vscode.QuickPickItem {
  readonly profile: AwsProfile;
}

/**
 * @returns undefined where the person turned away
 * @throws {UserError} where there is none, or the chosen one cannot be used
 */
export async function pickProfile(
  site: Site,
  remembered: Remembered,
  title: string,
): Promise<ChosenProfile | undefined> {
  const { AwsProfiles } = await import('../late.ts');
  const told = await awsChild({
    ...{ site, words: ['endpoint', 'profiles'], reply: AwsProfiles },
    title: vscode.l10n.t('RecSys: asking AWS whose the profiles are'),
  });
  if (told === undefined) return undefined;
  if (told.profiles.length === 0) throw noProfiles();
  const items = sorted(told.profiles, remembered.profile).map((profile) =>
    itemOf(profile, remembered.profile),
  );
  const chosen = await vscode.window.showQuickPick(items, {
    ...{ title, ignoreFocusOut: true, matchOnDescription: true, matchOnDetail: true },
    placeHolder: vscode.l10n.t('Choose an AWS profile; nothing is made before you have seen all of it'),
  });
  if (chosen === undefined) return undefined;
  const { name, failure, needs } = chosen.profile;
  if (failure !== undefined && needs === undefined) throw errorInWindow(failure);
  const region = chosen.profile.region ?? (await askRegion(title));
  if (region === undefined) return undefined;
  await remembered.chooseProfile(name);
  return { name, region };
}

function noProfiles(): UserError {
  return new UserError(
    vscode.l10n.t('There are no AWS credentials: no profile in ~/.aws, and none in the environment.'),
    vscode.l10n.t('Set up a profile in a terminal: aws configure sso, or aws configure.'),
  );
}

const isLast = ({ name }: AwsProfile, last: string | null | undefined): boolean => (name ?? null) === last;

/** The one of the last time first, those that cannot be used last. */
function sorted(profiles: readonly AwsProfile[], last: string | null | undefined): AwsProfile[] {
  const rank = (profile: AwsProfile): number =>
    isLast(profile, last) ? 0 : profile.failure !== undefined && profile.needs === undefined ? 2 : 1;
  return profiles.toSorted((a, b) => rank(a) - rank(b));
}

function itemOf(profile: AwsProfile, last: string | null | undefined): ProfileItem {
  const { name, account, region, caller, needs, failure } = profile;
  const facts = [
    ...(account === undefined ? [] : [vscode.l10n.t('account {0}', account)]),
    ...(region === undefined ? [] : [region]),
    ...(isLast(profile, last) ? [vscode.l10n.t('chosen last time')] : []),
  ];
  const detail = {
    code: vscode.l10n.t('asks for the code of a device, and tells its account then'),
    signIn: vscode.l10n.t('the sign-in is over; you are asked to sign in'),
    none: failure === undefined ? (caller ?? '') : `$(warning) ${escapeIcons(failure.message)}`,
  }[needs ?? 'none'];
  return {
    label: name === undefined ? vscode.l10n.t('Environment') : escapeIcons(name),
    description: escapeIcons(facts.join(' · ')),
    detail: needs === undefined ? detail : `$(key) ${detail}`,
    profile,
  };
}

async function askRegion(title: string): Promise<string | undefined> {
  const region = await vscode.window.showInputBox({
    ...{ title, ignoreFocusOut: true, placeHolder: 'eu-central-1' },
    prompt: vscode.l10n.t('The profile names no region: in which one is this to be?'),
    validateInput: (text) =>
      /^[a-z]{2}(-[a-z]+)+-\d+$/.test(text.trim()) ? undefined : vscode.l10n.t('Such as eu-central-1'),
  });
  return region?.trim();
}
