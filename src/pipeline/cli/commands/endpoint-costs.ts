import type { Command } from 'commander';
import * as z from 'zod/mini';
import { withCompanions } from '../../../protocol/companions.ts';
import type { CostsReport, MadeThing } from '../../../protocol/costs.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { knownRegions } from '../../deploy/images.ts';
import { paint, print, printJson } from '../../terminal/terminal.ts';
import { askPerson } from '../ask-person.ts';
import { atAws } from '../at-aws.ts';
import { addAwsOptions } from '../aws-options.ts';
import { costLines } from '../output/costs-view.ts';
import { tellRemoval, waiting } from '../output/removal-view.ts';
import { openStoreOf } from '../store-options.ts';
import { isSure } from './endpoint-delete.ts';

const CostsOptions = z.object({
  regions: z.optional(z.string()),
  delete: z._default(z.boolean(), false),
  json: z._default(z.boolean(), false),
});

const HELP = `
It looks by tags and names for what any workspace made in the account of these credentials: endpoints, archives, and what is free
but left over. Prices are AWS's own (pricing:GetProducts), with the day on which they were
asked; where it does not tell one, it is unknown. What is said of the cost so far holds for the present size.

Examples:
  recsys endpoint costs --profile shop
  recsys endpoint costs --regions eu-central-1,us-east-1 --json
  recsys endpoint costs --delete`;

/** `recsys endpoint costs`: what RecSys made in an account and is still there, and what it costs. */
export function addCostsCommand(command: Command): void {
  const costs = command
    .command('costs')
    .description('Find what costs money: all that RecSys made in the account, in all regions.')
    .option('--regions <names>', 'only these, such as eu-central-1,us-east-1 (default: all that are known)')
    .option('--delete', 'ask what of it is to be taken away')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP);
  addAwsOptions(costs).action(async (options: unknown) => {
    const { regions, json, delete: removes } = CostsOptions.parse(options);
    if (removes && json)
      throw new UserError('--delete asks, which --json cannot.', 'Leave one of them out.', {
        exitCode: EXIT.usage,
      });
    const { findCosts } = await import('../../deploy/aws/costs.ts');
    const { InstancePrices } = await import('../../deploy/aws/instance-prices.ts');
    const storeFolder = openStoreOf(options).folder;
    const asked = askedRegions(regions);
    await atAws(options, 'looking for what costs money', async (aws, signal) => {
      const report = await findCosts(aws, {
        ...{ storeFolder, regions: asked, prices: new InstancePrices(aws), signal, onRegion: showRegions },
      });
      if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
      tell(report, json);
      const chosen = removes ? await askedThings(report.things, signal) : [];
      if (chosen.length === 0) return;
      const { removeThings } = await import('../../deploy/aws/remove-things.ts');
      const removal = await removeThings({ aws, storeFolder, signal, onWait: waiting }, chosen);
      tellRemoval(removal, ['endpoint', 'costs']);
      if (removal.remaining.length > 0) process.exitCode = EXIT.failed;
    });
  });
}

function showRegions(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done} of ${of} regions`);
}

/** @throws UserError for a name that no region has */
function askedRegions(given: string | undefined): string[] | undefined {
  const regions = given?.split(',').map((name) => name.trim());
  const unknown = regions?.find((name) => !knownRegions().includes(name));
  if (unknown === undefined) return regions;
  throw new UserError(`No region is called '${unknown}'.`, `These are known: ${knownRegions().join(', ')}.`, {
    exitCode: EXIT.usage,
  });
}

function tell(report: CostsReport, json: boolean): void {
  if (json) {
    printJson(report);
    return;
  }
  costLines(report).forEach((line) => print(line));
  for (const { region, message } of report.failures)
    print(paint.yellow(`! ${region} was not looked at: ${message}`));
  if (report.failures.length > 0) process.exitCode = EXIT.failed;
}

/** Numbers of the table, or all. */
async function askedThings(things: readonly MadeThing[], signal: AbortSignal): Promise<MadeThing[]> {
  if (things.length === 0) return [];
  const otherwise = 'Name what is to go with recsys endpoint delete --arn … --yes. Nothing was changed.';
  const answer = await askPerson('Which are to be taken away (1,3 · all · nothing)?', otherwise, signal);
  if (answer === '' || /^no(thing)?$/i.test(answer)) return [];
  const numbers = answer === 'all' ? things.map((_, at) => at + 1) : answer.split(',').map(Number);
  const chosen = numbers.map((number) => things[number - 1]);
  const known = chosen.filter((thing) => thing !== undefined);
  if (known.length < chosen.length)
    throw new UserError(`'${answer}' names no lines of the table.`, 'Nothing was changed. Try again.', {
      exitCode: EXIT.usage,
    });
  const arns = known.map(({ arn }) => arn);
  const all = withCompanions(arns, things);
  return (await isSure(all, signal)) ? all : [];
}
