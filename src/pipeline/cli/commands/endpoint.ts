import type { Command } from 'commander';
import * as z from 'zod/mini';
import { EXIT } from '../../../protocol/user-error.ts';
import { recsysCommand } from '../../own-shell.ts';
import type { Removal } from '../../deploy/aws/remove-pieces.ts';
import { deploymentFolders } from '../../deploy/deployment-folder.ts';
import { plainText } from '../../terminal/format.ts';
import { paint, print, printJson, table } from '../../terminal/terminal.ts';
import { addAwsOptions, openAws } from '../aws-options.ts';
import { stopSignal } from '../stop-signal.ts';
import { openStoreOf } from '../store-options.ts';

const Json = z.object({ json: z._default(z.boolean(), false) });
const waiting = (status: string): void => {
  process.stderr.write(`The endpoint is ${status}; waiting.\n`);
};

/** `recsys endpoint …`: endpoints of this workspace at AWS. */
export function addEndpointCommand(program: Command): void {
  const command = program.command('endpoint').description('Endpoints that recsys deploy has made.');
  addListCommand(command);
  addRollbackCommand(command);
  addDeleteCommand(command);
  addSweepCommand(command);
}

async function stoppable<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = stopSignal();
  try {
    return await action(stop.signal);
  } finally {
    stop.dispose();
  }
}

function addListCommand(command: Command): void {
  const list = command
    .command('list')
    .description('List the endpoints of this workspace, and how AWS says they are.')
    .option('--json', 'print one JSON object');
  addAwsOptions(list).action(async (options: unknown) => {
    const folders = deploymentFolders(openStoreOf(options).folder);
    if (folders.length === 0) {
      if (Json.parse(options).json) printJson({ endpoints: [] });
      else print('This workspace has no endpoints at AWS.');
      return;
    }
    const { expiryOf, placeOf, statusText } = await import('../../deploy/aws/endpoints.ts');
    const aws = await openAws(options);
    const rows = await Promise.all(
      folders.map(async (folder) => {
        const ledger = folder.ledger();
        const of = ledger.live === undefined ? undefined : ledger.deployments.get(ledger.live.id);
        return {
          ...{ endpoint: folder.endpoint, status: await statusText(aws, folder), ...placeOf(ledger) },
          ...{ model: of?.model, run: of?.run, previous: ledger.previous?.id, expires: expiryOf(ledger) },
          ...{ mayExist: ledger.pieces.size, unfinished: ledger.unfinished },
        };
      }),
    );
    if (Json.parse(options).json) {
      printJson({ endpoints: rows });
      return;
    }
    const shown = rows.map((row) => [
      ...[
        row.endpoint,
        row.status,
        row.region ?? '',
        row.model ?? '–',
        row.run ?? '–',
        row.expires ?? 'never',
      ],
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
  });
}

function addRollbackCommand(command: Command): void {
  const rollback = command
    .command('rollback <name>')
    .description('Give an endpoint the model back that it had before.');
  addAwsOptions(rollback).action(async (name: string, options: unknown) => {
    const { requireEndpoint, rollBack } = await import('../../deploy/aws/endpoints.ts');
    const folder = requireEndpoint(openStoreOf(options).folder, name);
    const aws = await openAws(options);
    const id = await stoppable((signal) => rollBack(aws, folder, signal, waiting));
    print(`${name} answers by deployment ${id} again.`);
  });
}

function addDeleteCommand(command: Command): void {
  const remove = command
    .command('delete <name>')
    .description('Take an endpoint away, with all that was made for it.');
  addAwsOptions(remove).action(async (name: string, options: unknown) => {
    const { deleteEndpoint, requireEndpoint } = await import('../../deploy/aws/endpoints.ts');
    const folder = requireEndpoint(openStoreOf(options).folder, name);
    const aws = await openAws(options);
    tell(await stoppable((signal) => deleteEndpoint(aws, folder, signal, waiting)));
  });
}

function addSweepCommand(command: Command): void {
  const sweeping = command
    .command('sweep')
    .description('Take away what lost deployments left, and endpoints whose time is over.');
  addAwsOptions(sweeping).action(async (options: unknown) => {
    const { sweep } = await import('../../deploy/aws/endpoints.ts');
    const aws = await openAws(options);
    const { folder } = openStoreOf(options);
    const swept = await stoppable((signal) => sweep(aws, folder, signal));
    if (swept.length === 0) print('There is nothing at AWS that this workspace made.');
    for (const { endpoint, removal, skipped } of swept) {
      print(paint.bold(endpoint));
      if (removal !== undefined) tell(removal);
      if (skipped === undefined) continue;
      print(paint.yellow(`! not looked at: ${plainText(skipped)}`));
      process.exitCode = EXIT.failed;
    }
  });
}

function tell({ removed, left, remaining }: Removal): void {
  for (const piece of removed) print(`Taken away: ${piece}`);
  for (const piece of left) print(paint.dim(`Left: ${piece}`));
  if (removed.length + left.length + remaining.length === 0) print('There was nothing to take away.');
  if (remaining.length === 0) return;
  for (const { piece, why } of remaining) print(paint.yellow(`! Still there: ${piece} (${plainText(why)})`));
  print(`Try again later: ${recsysCommand('endpoint', 'sweep')}`);
  process.exitCode = EXIT.failed;
}
