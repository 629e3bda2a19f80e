/** Asks the live endpoint, and compares its answers with the package that was sent. */
import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../../protocol/user-error.ts';
import { difference, type SmokeRequest } from '../live-answers.ts';
import type { Aws } from './aws-clients.ts';
import { explained, faultOf, isAsleep } from './fault.ts';
import { invokeCommand, type Asked } from './invoke-command.ts';
import type { Waiting } from './wait-settled.ts';

/** An endpoint that is new may not be ready for its first request. */
const ATTEMPTS = 4;
/** One that has scaled to zero is waited for so long. */
const WAKE_MS = 20 * 60_000;
const NOT_READY =
  /ModelNotReady|ModelError|ServiceUnavailable|InternalFailure|InternalDependency|Timeout|ECONN/;

interface Smoking extends Waiting {
  readonly signal: AbortSignal;
}

async function ask(aws: Aws, asked: Asked, { body }: SmokeRequest, waiting: Smoking): Promise<string> {
  const { signal, onStatus } = waiting;
  const began = performance.now();
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      const { Body } = await aws.runtime.send(invokeCommand(asked, body), { abortSignal: signal });
      return Body.transformToString();
    } catch (error) {
      signal.throwIfAborted();
      const mayWake = isAsleep(error) && performance.now() - began < WAKE_MS;
      const mayBeReady = attempt < ATTEMPTS && NOT_READY.test(faultOf(error).code);
      if (!mayWake && !mayBeReady) throw explained(error, aws.doing(`asking the endpoint ${asked.endpoint}`));
      if (mayWake) onStatus?.('waiting until an instance is up', (performance.now() - began) / 1000);
      await pause(aws.patience.pollMs, undefined, { signal });
    }
  }
}

/**
 * @returns milliseconds of each request
 * @throws UserError where an answer is not that of the package
 */
export async function smoke(
  aws: Aws,
  asked: Asked,
  requests: readonly SmokeRequest[],
  waiting: Smoking,
): Promise<number[]> {
  const taken: number[] = [];
  for (const request of requests) {
    const started = performance.now();
    const text = await ask(aws, asked, request, waiting);
    taken.push(Math.round(performance.now() - started));
    const differs = difference(request, parsed(text));
    if (differs !== undefined)
      throw new UserError(
        `The endpoint ${asked.endpoint} does not answer as its model does: ${differs}.`,
        'Report this with the run: what is served must be what was evaluated.',
      );
  }
  return taken;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
