import { text } from 'node:stream/consumers';
import { Option, type Command } from 'commander';
import * as z from 'zod/mini';
import type { AwsProfile } from '../../../protocol/aws.ts';
import { EXIT } from '../../../protocol/user-error.ts';
import type { Swept } from '../../deploy/aws/endpoints.ts';
import { deploymentFolders } from '../../deploy/deployment-folder.ts';
import { expiryOf, frontOf, hasClock, placeOf } from '../../deploy/ledger.ts';
import { plainText } from '../../terminal/format.ts';
import { paint, print, printJson, table } from '../../terminal/terminal.ts';
import { atAws, changeAtAws } from '../at-aws.ts';
import { addAwsOptions, processIdOption } from '../aws-options.ts';
import { endWords, statusWords } from '../output/endpoint-words.ts';
import { removalReport } from '../output/removal-report.ts';
import { tellRemoval } from '../output/removal-view.ts';
import { openStoreOf } from '../store-options.ts';
import { addCostsCommand } from './endpoint-costs.ts';
import { addDeleteCommand } from './endpoint-delete.ts';

const AS_JSON = 'print one JSON object';
const Json = z.object({ json: z._default(z.boolean(), false) });

/** `recsys endpoint …`: endpoints of this workspace at AWS. */
export function addEndpointCommand(program: Command): void {
  const command = program.command('endpoint').description('Endpoints that recsys deploy has made.');
  addListCommand(command);
  addRollbackCommand(command);
  addDeleteCommand(command);
  addSweepCommand(command);
  addInvokeCommand(command);
  addProfilesCommand(command);
  addCostsCommand(command);
}

function addListCommand(command: Command): void {
  const list = command
    .command('list')
    .description('List the endpoints of this workspace, and how AWS says they are.')
    .option('--json', AS_JSON);
  addAwsOptions(list).action(async (options: unknown) => {
    const folders = deploymentFolders(openStoreOf(options).folder);
    if (folders.length === 0) {
      if (Json.parse(options).json) printJson({ endpoints: [] });
      else print('This workspace has no endpoints at AWS.');
      return;
    }
    const { statusText } = await import('../../deploy/aws/endpoints.ts');
    const rows = await atAws(options, 'asking how the endpoints are', (aws) =>
      Promise.all(
        folders.map(async (folder) => {
          const ledger = folder.ledger();
          const of = ledger.live === undefined ? undefined : ledger.deployments.get(ledger.live.id);
          const place = placeOf(ledger);
          return {
            ...{ endpoint: folder.endpoint, status: await statusText(aws, folder) },
            ...{ account: place?.account, region: place?.region },
            ...{ model: of?.model, run: of?.run, previous: ledger.previous?.id, expires: expiryOf(ledger) },
            ...{ clock: hasClock(ledger) },
            ...{ mayExist: ledger.pieces.size, unfinished: ledger.unfinished, ...frontOf(ledger) },
          };
        }),
      ),
    );
    if (Json.parse(options).json) {
      printJson({ endpoints: rows });
      return;
    }
    const shown = rows.map((row) => [
      ...[row.endpoint, statusWords(row), row.region ?? '', row.model ?? '–', row.run ?? '–', endWords(row)],
      String(row.mayExist),
    ]);
    const heading = ['endpoint', 'status', 'region', 'model', 'run', 'ends', 'pieces'];
    print(
      table(
        heading,
        shown.map((row) => row.map(plainText)),
        [6],
      ),
    );
    for (const { endpoint, front } of rows)
      if (front !== undefined) print(`${plainText(endpoint)} answers at ${plainText(front)}`);
  });
}

function addRollbackCommand(command: Command): void {
  const rollback = command
    .command('rollback <name>')
    .description('Give an endpoint the model back that it had before.')
    .option('--json', AS_JSON)
    .addOption(processIdOption());
  addAwsOptions(rollback).action(async (name: string, options: unknown) => {
    const { requireEndpoint, rollBack } = await import('../../deploy/aws/endpoints.ts');
    const folder = requireEndpoint(openStoreOf(options).folder, name);
    const deployment = await changeAtAws(options, {
      ...{ what: 'rollback', endpoint: name, about: `rolling ${name} back` },
      act: async (open, { signal, onWait }) => rollBack(await open(), folder, signal, onWait),
      ended: (now) => ({ deployment: now }),
    });
    if (Json.parse(options).json) printJson({ endpoint: name, deployment });
    else print(`${name} answers by deployment ${deployment} again.`);
  });
}

const SweepOptions = z.object({ eachProfile: z._default(z.boolean(), false) });

function addSweepCommand(command: Command): void {
  const sweeping = command
    .command('sweep')
    .description('Take away what lost deployments left, and endpoints whose time is over.')
    .addOption(
      new Option(
        '--each-profile',
        'by each profile that endpoints were deployed by, one after the other',
      ).conflicts(['profile', 'region']),
    )
    .option('--json', AS_JSON)
    .addOption(processIdOption());
  addAwsOptions(sweeping).action(async (options: unknown) => {
    const { sweep } = await import('../../deploy/aws/endpoints.ts');
    const { sweepByProfiles } = await import('../../deploy/aws/sweep-profiles.ts');
    const { folder } = openStoreOf(options);
    const { eachProfile } = SweepOptions.parse(options);
    const swept = await changeAtAws(options, {
      ...{ what: 'sweep', about: 'sweeping what was left' },
      act: async (open, { signal }) =>
        eachProfile ? sweepByProfiles(folder, { open, signal }) : sweep(await open(), folder, signal),
      ended: (all) => ({ removals: all.map(removalReport) }),
    });
    if (Json.parse(options).json) printJson({ swept: swept.map(removalReport) });
    else tellSwept(swept);
    const isClean = swept.every(
      ({ removal, skipped }) => skipped === undefined && removal?.remaining.length === 0,
    );
    if (!isClean) process.exitCode = EXIT.failed;
  });
}

function tellSwept(swept: readonly Swept[]): void {
  if (swept.length === 0) print('There is nothing at AWS that this workspace made.');
  for (const { endpoint, removal, skipped } of swept) {
    print(paint.bold(endpoint));
    if (removal !== undefined) tellRemoval(removal);
    if (skipped !== undefined) print(paint.yellow(`! not looked at: ${plainText(skipped)}`));
  }
}

function addInvokeCommand(command: Command): void {
  const invoke = command
    .command('invoke <name>')
    .description('Send an endpoint the request that comes by standard input, and print its answer.')
    .option('--json', 'print one JSON object: status, milliseconds and the answer');
  addAwsOptions(invoke).action(async (name: string, options: unknown) => {
    const { requireEndpoint } = await import('../../deploy/aws/endpoints.ts');
    const { invokeEndpoint } = await import('../../deploy/aws/invoke.ts');
    const folder = requireEndpoint(openStoreOf(options).folder, name);
    const body = await text(process.stdin);
    const reply = await atAws(options, `asking ${name}`, (aws, signal) =>
      invokeEndpoint(aws, folder, body, signal),
    );
    if (Json.parse(options).json) printJson(reply);
    else print(reply.body);
    if (!Json.parse(options).json && reply.status >= 400) process.exitCode = EXIT.failed;
  });
}

function addProfilesCommand(command: Command): void {
  command
    .command('profiles')
    .description('List the profiles of ~/.aws, and whom AWS says that their credentials are of.')
    .option('--region <region>', 'region to ask in (default: that of each profile)')
    .option('--json', AS_JSON)
    .action(async (options: unknown) => {
      const { region } = Region.parse(options);
      const { awsProfiles } = await import('../../deploy/aws/profiles.ts');
      const profiles = await awsProfiles(region);
      if (Json.parse(options).json) printJson({ profiles });
      else print(profilesTable(profiles));
    });
}

const Region = z.object({ region: z.optional(z.string()) });

function profilesTable(profiles: readonly AwsProfile[]): string {
  if (profiles.length === 0) return 'There are no AWS credentials: set up a profile with aws configure sso.';
  const needs = { code: 'asks for a code', signIn: 'asks for a sign-in' } as const;
  const rows = profiles.map(({ name = '(environment)', region = '', account = '–', ...one }) => [
    ...[name, account, region],
    one.caller ?? (one.needs === undefined ? (one.failure?.message ?? '') : needs[one.needs]),
  ]);
  const heading = ['profile', 'account', 'region', 'caller'];
  return table(
    heading,
    rows.map((row) => row.map(plainText)),
  );
}
