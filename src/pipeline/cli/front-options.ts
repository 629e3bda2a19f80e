/** `--rest`, `--rest-token` and `--print-template`: the REST front of an endpoint at AWS. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod/mini';
import type { FrontAccess } from '../../protocol/deployment.ts';
import { isTokenHash, newToken } from '../../protocol/front-token.ts';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import type { Deployed } from '../deploy/aws/deploy.ts';
import type { FrontPlan } from '../deploy/aws/front.ts';
import { print } from '../terminal/terminal.ts';

const FrontOptions = z.object({
  name: z.optional(z.string()),
  rest: z._default(z.boolean(), false),
  restToken: z._default(z.boolean(), false),
  restTokenHash: z.optional(z.string()),
  scaleToZero: z._default(z.boolean(), false),
  json: z._default(z.boolean(), false),
  askByFile: z._default(z.boolean(), false),
});

export function addFrontOptions(command: Command): Command {
  return command
    .option('--rest', 'a REST front too, GET /predict?session=a,b,c, for callers who sign as AWS does (IAM)')
    .option('--rest-token', 'a REST front for whoever has its token, which is made and shown once')
    .addOption(
      new Option('--rest-token-hash <sha256>', 'the same with a token that a program made and showed')
        .argParser(tokenHash)
        .hideHelp(),
    )
    .option('--print-template', 'print the CloudFormation template of the front of --name, and make nothing');
}

function tokenHash(text: string): string {
  if (isTokenHash(text)) return text;
  throw new InvalidArgumentError('It must be a SHA-256 as 64 hexadecimal digits.');
}

/** Who may ask the front that the options ask for; undefined where they ask for none. */
export function frontAccess(options: unknown): FrontAccess | undefined {
  const { rest, restToken, restTokenHash } = FrontOptions.parse(options);
  if (restToken || restTokenHash !== undefined) return 'token';
  return rest ? 'iam' : undefined;
}

/** What a front is made by, and what of it is told a person once. */
export interface AskedFront {
  readonly plan: FrontPlan;
  readonly token?: string;
}

/** @throws UserError where a token could not be shown without being kept */
export async function askedFront(options: unknown): Promise<AskedFront | undefined> {
  const access = frontAccess(options);
  if (access === undefined) return undefined;
  if (access === 'iam') return { plan: { access } };
  const { json, askByFile, restTokenHash } = FrontOptions.parse(options);
  if (restTokenHash !== undefined) return { plan: { access, tokenHash: restTokenHash } };
  if (json || askByFile)
    throw new UserError(
      '--rest-token shows a token once, for a person: what programs read may be kept.',
      'Leave out --json, or choose --rest, which needs no token.',
      { exitCode: EXIT.usage },
    );
  const { token, hash } = await newToken();
  const { keepSecret } = await import('../deploy/aws/redact.ts');
  keepSecret(token);
  return { plan: { access, tokenHash: hash }, token };
}

/** Where the front is, and how it is asked. */
export function tellFront({ front, plan }: Deployed, asked: AskedFront | undefined): void {
  if (front === undefined) return;
  print(`Its REST front: ${front.url}?session=a,b,c`);
  if (asked?.token !== undefined) {
    print(`Its token, shown once and kept nowhere: ${asked.token}`);
    print(
      'Send it as “Authorization: Bearer <token>”. A lost one is replaced by deploying with --rest-token again.',
    );
  } else if (asked?.plan.access === 'iam') {
    print(
      `Callers sign their requests (service execute-api, region ${plan.region}), and are allowed by IAM:`,
    );
    print(`execute-api:Invoke on ${front.arn}`);
  }
}

/** @throws UserError where no endpoint is named */
export async function printTemplate(options: unknown): Promise<void> {
  const { name, scaleToZero } = FrontOptions.parse(options);
  if (name === undefined)
    throw new UserError(
      'The template is that of one endpoint, and none is named.',
      'Name it: recsys deploy --print-template --name shop',
      { exitCode: EXIT.usage },
    );
  const { requireEndpointName } = await import('../deploy/deployment-names.ts');
  requireEndpointName(name);
  const { frontTemplate } = await import('../deploy/front-template.ts');
  print(JSON.stringify(frontTemplate(name, frontAccess(options) ?? 'iam', scaleToZero), null, 2));
}
