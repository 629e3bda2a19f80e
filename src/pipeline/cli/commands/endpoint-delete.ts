import type { Command } from 'commander';
import * as z from 'zod/mini';
import { withCompanions } from '../../../protocol/companions.ts';
import type { UnpricedThing } from '../../../protocol/costs.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import type { Swept } from '../../deploy/aws/endpoints.ts';
import type { Removal } from '../../deploy/aws/remove-pieces.ts';
import { printJson } from '../../terminal/terminal.ts';
import { askPerson } from '../ask-person.ts';
import { changeAtAws } from '../at-aws.ts';
import { addAwsOptions, processIdOption } from '../aws-options.ts';
import { thingLines } from '../output/costs-view.ts';
import { removalReport } from '../output/removal-report.ts';
import { tellRemoval } from '../output/removal-view.ts';
import { openStoreOf } from '../store-options.ts';

const DeleteOptions = z.object({
  arn: z.optional(z.array(z.string())),
  rest: z._default(z.boolean(), false),
  yes: z._default(z.boolean(), false),
  json: z._default(z.boolean(), false),
});
type DeleteOptions = z.infer<typeof DeleteOptions>;

/** `recsys endpoint delete`: by the name of an endpoint of this workspace, or by ARNs of what any workspace made. */
export function addDeleteCommand(command: Command): void {
  const remove = command
    .command('delete [name]')
    .description('Take an endpoint away, with all that was made for it.')
    .option('--rest', 'its REST front alone; the endpoint stays')
    .option(
      '--arn <arn>',
      'what recsys endpoint costs has found instead, whichever workspace made it (repeatable)',
      (arn: string, before: string[] | undefined) => [...(before ?? []), arn],
    )
    .option('--yes', 'of --arn: take it away without asking')
    .option('--json', 'print one JSON object')
    .addOption(processIdOption());
  addAwsOptions(remove).action(async (name: string | undefined, given: unknown) => {
    const options = DeleteOptions.parse(given);
    if (name !== undefined && options.arn === undefined) await deleteByName(given, name, options);
    else if (name === undefined && options.arn !== undefined && !options.rest)
      await deleteByArn(given, options.arn, options);
    else
      throw new UserError(
        'What is to be taken away is not said.',
        'Name an endpoint of this workspace, or what recsys endpoint costs tells with --arn.',
        { exitCode: EXIT.usage },
      );
  });
}

async function deleteByName(given: unknown, name: string, { rest, json }: DeleteOptions): Promise<void> {
  const { deleteEndpoint, deleteFront, requireEndpoint } = await import('../../deploy/aws/endpoints.ts');
  const folder = requireEndpoint(openStoreOf(given).folder, name);
  const about = rest ? `taking the REST front of ${name} away` : `taking ${name} away`;
  const remove = rest ? deleteFront : deleteEndpoint;
  const removal = await changeAtAws(given, {
    ...{ what: rest ? 'deleteFront' : 'delete', endpoint: name, about },
    ...(rest ? {} : { pieces: folder.ledger().pieces.size }),
    act: async (open, { signal, onWait }) => remove(await open(), folder, signal, onWait),
    ended: (gone) => ({ removals: [removalReport({ endpoint: name, removal: gone })] }),
  });
  tell({ endpoint: name, removal }, json);
}

function tell(swept: Swept & { readonly removal: Removal }, json: boolean, again?: readonly string[]): void {
  if (json) printJson(removalReport(swept));
  else tellRemoval(swept.removal, again);
  if (swept.removal.remaining.length > 0) process.exitCode = EXIT.failed;
}

async function deleteByArn(
  given: unknown,
  arns: readonly string[],
  { yes, json }: DeleteOptions,
): Promise<void> {
  const { findMade } = await import('../../deploy/aws/made-things.ts');
  const { removeThings } = await import('../../deploy/aws/remove-things.ts');
  const storeFolder = openStoreOf(given).folder;
  const endpoint = arns.join(' ');
  const removal = await changeAtAws(given, {
    ...{ what: 'things', about: 'taking away what was left' },
    act: async (open, { signal, onWait }) => {
      const aws = await open();
      const { things, failures } = await findMade(aws, { storeFolder, regions: regionsIn(arns), signal });
      const chosen = withCompanions(arns, things);
      requireAll(arns, chosen, failures);
      if (!yes && !(await isSure(chosen, signal))) return undefined;
      return removeThings({ aws, storeFolder, signal, onWait }, chosen);
    },
    ended: (gone) => (gone === undefined ? {} : { removals: [removalReport({ endpoint, removal: gone })] }),
  });
  if (removal !== undefined) tell({ endpoint, removal }, json, ['endpoint', 'costs']);
}

/** Shows what goes, and asks. @throws UserError where nobody is there to answer */
export async function isSure(things: readonly UnpricedThing[], signal: AbortSignal): Promise<boolean> {
  for (const line of thingLines(things)) process.stderr.write(`${line}\n`);
  const otherwise = 'Say --arn … --yes to take it away without asking. Nothing was changed.';
  return /^y(es)?$/i.test(await askPerson('Take this away? (y/N)', otherwise, signal));
}

/** Undefined: all, as what is in a bucket does not say where it is. */
function regionsIn(arns: readonly string[]): string[] | undefined {
  const regions = arns.map((arn) => arn.split(':')[3] ?? '');
  return regions.includes('') ? undefined : [...new Set(regions)];
}

function requireAll(
  arns: readonly string[],
  found: readonly UnpricedThing[],
  failures: readonly { readonly region: string; readonly message: string }[],
): void {
  const missing = arns.filter((arn) => !found.some((thing) => thing.arn === arn));
  if (missing.length === 0) return;
  const unseen = failures.map(({ region, message }) => `${region}: ${message}`).join(' ');
  throw new UserError(
    `RecSys has made nothing that is there and is called ${missing.join(', ')}.`,
    `What there is: recsys endpoint costs. ${unseen}`.trim(),
    { exitCode: EXIT.notFound },
  );
}
