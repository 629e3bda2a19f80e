import type { Command } from 'commander';
import * as z from 'zod/mini';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const EngineOptions = z.object({
  workspace: z.string(),
  memory: z.optional(z.coerce.number().check(z.gt(0))),
});

/** `recsys engine`: the query engine the extension starts; it speaks JSON-RPC over Node's IPC channel. */
export function addEngineCommand(program: Command): void {
  const command = program
    .command('engine', { hidden: true })
    .description('Serve queries of the VS Code extension over IPC.')
    .option('--workspace <folder>', 'folder of recsys.json', process.cwd())
    .option('--memory <MiB>', 'what open models may take together');
  addStoreOption(command).action(async (options: unknown) => {
    if (process.send === undefined || !process.connected)
      throw new UserError(
        'The engine needs an IPC channel.',
        'It is started by the extension; use the other commands.',
        { exitCode: EXIT.usage },
      );
    const { serveEngine } = await import('../../engine/engine-server.ts');
    const { workspace, memory } = EngineOptions.parse(options);
    await serveEngine({ store: openStoreOf(options).folder, workspace, memory });
    process.exit(EXIT.ok);
  });
}
