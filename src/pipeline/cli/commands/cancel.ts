import type { Command } from 'commander';
import { UserError } from '../../../protocol/user-error.ts';
import { requestCancel } from '../../flow/request-cancel.ts';
import { print } from '../../terminal/terminal.ts';
import { addStoreOption, openStoreOf } from '../store-options.ts';

const PATIENCE_MS = 5000;
const POLL_MS = 50;

/** `recsys cancel <run>`: asks by a file, so it needs no handle on the process, and works on every platform. */
export function addCancelCommand(program: Command): void {
  const command = program
    .command('cancel <run>')
    .description('Stop a running run; it can be resumed.')
    .addHelpText('after', '\nExamples:\n  recsys cancel latest\n  recsys cancel 20261122-1149');
  addStoreOption(command).action(async (reference: string, options: unknown) => {
    const run = openStoreOf(options).resolve(reference);
    requestCancel(run);
    const deadline = performance.now() + PATIENCE_MS;
    while (run.isDriven()) {
      const holder = run.usableDriverState()?.process;
      const who = holder === undefined ? '' : ` (process ${holder.pid} on ${holder.host})`;
      if (performance.now() > deadline)
        throw new UserError(
          `Run ${run.id}${who} has not stopped.`,
          `End that process, then: recsys resume ${run.id}`,
        );
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    print(`Run ${run.id} is stopped. Go on with: recsys resume ${run.id}`);
  });
}
