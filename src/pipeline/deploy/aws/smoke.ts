/** Asks the live endpoint, and compares its answers with the package that was sent. */
import { setTimeout as pause } from 'node:timers/promises';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { UserError } from '../../../protocol/user-error.ts';
import { difference, type SmokeRequest } from '../live-answers.ts';
import type { Aws } from './aws-clients.ts';
import { explained, faultOf } from './fault.ts';

/** An endpoint that is new may not be ready for its first request. */
const ATTEMPTS = 4;
const NOT_READY =
  /ModelNotReady|ModelError|ServiceUnavailable|InternalFailure|InternalDependency|Timeout|ECONN/;

async function ask(aws: Aws, endpoint: string, { body }: SmokeRequest, signal: AbortSignal): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      const invoke = new InvokeEndpointCommand({
        ...{
          EndpointName: endpoint,
          ContentType: 'application/json',
          Accept: 'application/json',
          Body: body,
        },
      });
      const { Body } = await aws.runtime.send(invoke, { abortSignal: signal });
      return Body.transformToString();
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= ATTEMPTS || !NOT_READY.test(faultOf(error).code))
        throw explained(error, aws.doing(`asking the endpoint ${endpoint}`));
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
  endpoint: string,
  requests: readonly SmokeRequest[],
  signal: AbortSignal,
): Promise<number[]> {
  const taken: number[] = [];
  for (const request of requests) {
    const started = performance.now();
    const text = await ask(aws, endpoint, request, signal);
    taken.push(Math.round(performance.now() - started));
    const differs = difference(request, parsed(text));
    if (differs !== undefined)
      throw new UserError(
        `The endpoint ${endpoint} does not answer as its model does: ${differs}.`,
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
