/** Runs the code of a function as AWS has it in the template, with a stand-in for the SDK that is there. */
import * as crypto from 'node:crypto';
import * as vm from 'node:vm';
import type { GuardedRequest } from '../../../src/pipeline/deploy/aws/lambda/authorise.ts';
import type { FrontReply, FrontRequest } from '../../../src/pipeline/deploy/aws/lambda/predict.ts';

type Invoke = (input: { readonly EndpointName: string; readonly Body: string }) => Promise<string>;

export interface LambdaHost {
  readonly env: Readonly<Record<string, string>>;
  /** What SageMaker answers. */
  readonly invoke?: Invoke;
  /** Gives the SDK itself, where SageMaker is not stood in for. */
  readonly require?: (name: string) => unknown;
}

/** What a function has written for its log. */
export const lambdaLog: string[] = [];

function exportsOf(code: string, { env, invoke, require }: LambdaHost): unknown {
  class InvokeEndpointCommand {
    readonly input: Parameters<Invoke>[0];
    constructor(input: Parameters<Invoke>[0]) {
      this.input = input;
    }
  }
  class SageMakerRuntimeClient {
    async send({ input }: InvokeEndpointCommand): Promise<object> {
      if (invoke === undefined) throw new Error('nothing is to be asked');
      const text = await invoke(input);
      return { Body: { transformToString: () => text } };
    }
  }
  const modules: Readonly<Record<string, unknown>> = {
    '@aws-sdk/client-sagemaker-runtime': { InvokeEndpointCommand, SageMakerRuntimeClient },
    'node:crypto': crypto,
  };
  const module: { exports: unknown } = { exports: {} };
  const stderr = { write: (text: string) => lambdaLog.push(text) };
  const run = vm.compileFunction(code, ['require', 'module', 'process']) as (...given: unknown[]) => void;
  run(require ?? ((name: string) => modules[name]), module, { env, stderr });
  return module.exports;
}

export function predictFunction(
  code: string,
  host: LambdaHost,
): (request: FrontRequest) => Promise<FrontReply> {
  return (exportsOf(code, host) as { handler: (request: FrontRequest) => Promise<FrontReply> }).handler;
}

export function authoriseFunction(
  code: string,
  host: LambdaHost,
): (request: GuardedRequest) => Promise<{ isAuthorized: boolean }> {
  return (
    exportsOf(code, host) as { handler: (request: GuardedRequest) => Promise<{ isAuthorized: boolean }> }
  ).handler;
}
