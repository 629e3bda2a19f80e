import { type Command, Option } from 'commander';
import * as z from 'zod/mini';
import { YES } from '../../../protocol/answers.ts';
import type { PlannedDeployment } from '../../../protocol/question.ts';
import { invokeWords } from '../../../protocol/text/aws-words.ts';
import { shellLine } from '../../../protocol/text/shell-words.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import type { PrepareArchive } from '../../deploy/archive-writer.ts';
import type { AskedCapacity } from '../../deploy/capacity.ts';
import type { DeployPorts, Deployed } from '../../deploy/aws/deploy.ts';
import type { AskByFile } from '../../deploy/asking/ask-by-file.ts';
import type { DeployPlan } from '../../deploy/aws/deploy-plan.ts';
import { NEVER, timeToLive } from '../../deploy/expiry.ts';
import { print, printJson } from '../../terminal/terminal.ts';
import { askPerson, isAtTerminal } from '../ask-person.ts';
import { addModelOptionsOfRun, askedPackage } from '../asked-model.ts';
import { askByFileOption, askerOf, openAws, processIdOption } from '../aws-options.ts';
import { ownShell } from '../../own-shell.ts';
import { deployedModel } from '../deployed-model.ts';
import { addFrontOptions, askedFront, frontAccess, printTemplate, tellFront } from '../front-options.ts';
import { knownOfModel } from '../known-of-model.ts';
import { deployView, planLines, stayText } from '../output/deploy-view.ts';
import { stopSignal } from '../stop-signal.ts';
import { roleByFile } from '../role-by-file.ts';
import { openStoreOf, wholeNumber } from '../store-options.ts';

const DeployOptions = z.object({
  name: z.optional(z.string()),
  role: z.optional(z.string()),
  bucket: z.optional(z.string()),
  image: z.optional(z.string()),
  serverless: z._default(z.boolean(), false),
  instanceType: z.optional(z.string()),
  maxInstances: z.optional(z.int()),
  scaleToZero: z._default(z.boolean(), false),
  memory: z.optional(z.int()),
  concurrency: z.optional(z.int()),
  ttl: z.optional(z.string()),
  clock: z._default(z.boolean(), true),
  yes: z._default(z.boolean(), false),
  printPolicy: z._default(z.boolean(), false),
  printTemplate: z._default(z.boolean(), false),
  json: z._default(z.boolean(), false),
  id: z.optional(z.string()),
});
type DeployOptions = z.infer<typeof DeployOptions>;

const HELP = `
Nothing is made before account and region are shown. All that is made is written down first (.recsys/deployments), and is
taken away again where the endpoint does not come to be in service. The same --name again updates the endpoint.

Examples:
  recsys deploy latest --profile shop --role SageMakerEndpoint
  recsys deploy latest --everything --name shop --yes
  recsys deploy latest --instance-type ml.t2.medium --ttl 8h
  recsys deploy latest --instance-type ml.m5.large --scale-to-zero
  recsys deploy latest --name shop --rest
  recsys deploy --print-policy --bucket my-models --ttl 8h
  recsys deploy --print-template --name shop
  recsys endpoint rollback shop
  recsys endpoint delete shop`;

/** `recsys deploy <run>`: a model as an endpoint of Amazon SageMaker. */
export function addDeployCommand(program: Command): void {
  const command = program
    .command('deploy [run]')
    .description('Make a model an endpoint of Amazon SageMaker, or update one.')
    .option('--name <endpoint>', 'name of the endpoint (default: that of the model)')
    .option('--profile <name>', 'profile of ~/.aws (default: AWS_PROFILE, or what the environment tells)')
    .option('--region <region>', 'region (default: that of the profile)')
    .option('--role <arn>', 'role that the endpoint takes')
    .option(
      '--bucket <name>',
      'bucket of the archive (default: recsys-<account>-<region>, made where needed)',
    )
    .option('--image <uri>', 'container (default: TensorFlow Serving of the region)')
    .addOption(
      new Option('--serverless', 'pay by request; an idle endpoint costs nothing (the default)').conflicts([
        'instanceType',
        'scaleToZero',
      ]),
    )
    .option('--instance-type <type>', 'an instance instead, paid by the hour: ml.t2.medium')
    .addOption(
      new Option('--max-instances <n>', 'instances at most; AWS adds them by load').argParser(wholeNumber(1)),
    )
    .option(
      '--scale-to-zero',
      'with --instance-type: idle instances all go and cost nothing; the first request after that fails until one is up, some minutes later',
    )
    .addOption(
      new Option('--memory <MB>', 'of a serverless endpoint (default: by the size of the model)').argParser(
        wholeNumber(1),
      ),
    )
    .addOption(
      new Option('--concurrency <n>', 'requests at once of a serverless endpoint (default: 5)').argParser(
        wholeNumber(1),
      ),
    )
    .option('--ttl <time>', `when it is to be taken away: 8h, 2d, ${NEVER} (asked for instances)`)
    .option('--no-clock', 'set no clock at AWS: after its time the next deploy or sweep takes it away')
    .option('--yes', 'make it without asking')
    .option('--print-policy', 'print what the person and the role must be allowed to do, and make nothing')
    .option('--json', 'print events as JSON, a line each')
    .addOption(askByFileOption())
    .addOption(processIdOption())
    .addHelpText('after', HELP);
  addFrontOptions(command);
  addModelOptionsOfRun(command, 'its best on validation').action(
    async (reference: string | undefined, given: Record<string, unknown>) => {
      const options = DeployOptions.parse(given);
      if (options.printTemplate) await printTemplate(given);
      else if (options.printPolicy) await printPolicy(given, options);
      else await deployAsked(reference, given, options);
    },
  );
}

async function deployAsked(
  reference: string | undefined,
  given: Record<string, unknown>,
  options: DeployOptions,
): Promise<void> {
  const asker = askerOf(given, `deploying ${options.name ?? 'a model'}`);
  try {
    await deployWith(reference, given, options, asker);
  } finally {
    asker?.dispose();
  }
}

async function deployWith(
  reference: string | undefined,
  given: Record<string, unknown>,
  options: DeployOptions,
  asker: AskByFile | undefined,
): Promise<void> {
  const front = await askedFront(given);
  const store = openStoreOf(given);
  const { prepareArchive: prepare } = await import('../../exporters/savedmodel/archive.ts');
  const found = await askedPackage({ ...given, run: reference });
  const source = await deployedModel(found);
  const known = await knownOfModel(found);
  const prepareArchive: PrepareArchive = (folder, of) => prepare(folder, { ...of, ...known });
  const stay = { timeToLive: await askedTimeToLive(options), clock: options.clock };
  await store.ensure();
  const stop = stopSignal();
  asker?.cancelled.addEventListener('abort', stop.abort);
  let giveUp = stop.signal;
  const aws = await openAws(given, { asker, signal: () => giveUp });
  const { deploy } = await import('../../deploy/aws/deploy.ts');
  const { InstancePrices } = await import('../../deploy/aws/instance-prices.ts');
  const leave = { dispose: (): void => undefined };
  const view = deployView(options.json);
  const ports: DeployPorts = {
    ...{ onEvent: view.event, signal: stop.signal },
    confirm: (plan) => confirmed(plan, options, { signal: stop.signal, asker }),
    leaveSignal: () => {
      // The first Ctrl+C was for the deployment; a second one is for clearing it away.
      stop.dispose();
      const second = stopSignal();
      leave.dispose = second.dispose;
      asker?.startOver();
      asker?.cancelled.addEventListener('abort', second.abort);
      giveUp = second.signal;
      return second.signal;
    },
  };
  try {
    const deployed = await deploy(
      aws,
      {
        ...{ storeFolder: store.folder, packageFolder: found.folder, prepareArchive },
        ...{ source, endpoint: options.name, role: options.role, bucket: options.bucket },
        ...{ image: options.image, id: options.id, front: front?.plan, ...stay },
        chooseRole: roleByFile(asker, 'endpoint', stop.signal),
        ...{ capacity: askedCapacity(options), prices: new InstancePrices(aws) },
      },
      ports,
    );
    view.close();
    tell(deployed, options.json);
    if (!options.json) tellFront(deployed, front);
  } finally {
    view.close();
    stop.dispose();
    leave.dispose();
  }
}

function askedCapacity({
  memory,
  concurrency,
  instanceType: instance,
  maxInstances: mostInstances,
  scaleToZero: toZero,
}: DeployOptions): AskedCapacity {
  return { memory, concurrency, instance, mostInstances, toZero };
}

/** Who pays by the hour is asked for how long. */
async function askedTimeToLive({
  ttl,
  instanceType,
  scaleToZero,
  yes,
}: DeployOptions): Promise<number | undefined> {
  if (ttl !== undefined) return timeToLive(ttl);
  if (instanceType === undefined || scaleToZero) return undefined;
  const otherwise = `An instance is paid by the hour until it is taken away. Say how long: --ttl 8h, or --ttl ${NEVER}.`;
  if (yes || !isAtTerminal())
    throw new UserError('How long the instance is to stay is not said.', otherwise, { exitCode: EXIT.usage });
  return timeToLive((await askPerson(`How long is it to stay (8h, 2d, ${NEVER})?`, otherwise)) || NEVER);
}

async function confirmed(
  plan: DeployPlan,
  { yes, json }: DeployOptions,
  { signal, asker }: { readonly signal: AbortSignal; readonly asker: AskByFile | undefined },
): Promise<boolean> {
  if (asker !== undefined && !yes)
    return (await asker.ask({ kind: 'confirm', plan: plannedOf(plan) }, { signal })) === YES;
  if (!json) for (const line of planLines(plan)) process.stderr.write(`${line}\n`);
  if (yes) return true;
  const otherwise = 'Say --yes to make it without asking. Nothing was made.';
  return /^y(es)?$/i.test(await askPerson('Make this? (y/N)', otherwise, signal));
}

function plannedOf(plan: DeployPlan): PlannedDeployment {
  const { caller, source, endpoint, region, capacity, price, archive } = plan;
  const { bucket, image, role, expires, clock, front } = plan;
  return {
    ...source,
    graph: archive.graph,
    ...{ endpoint, account: caller.account, caller: caller.arn, region, capacity, bucket, image, role },
    ...(price?.type === 'known' ? { price: { usd: price.usd, asked: price.asked } } : {}),
    ...(expires === undefined ? {} : { expires }),
    ...(clock ? { clock } : {}),
    ...(front === undefined ? {} : { front: front.access }),
  };
}

function tell({ plan, arn, milliseconds, front, clock }: Deployed, json: boolean): void {
  const { endpoint, region, id, caller, names, profile, expires, capacity } = plan;
  if (json) {
    printJson({
      ...{ type: 'deployed', t: Date.now(), endpoint, account: caller.account, region, id, arn },
      milliseconds: [...milliseconds],
      ...(front === undefined ? {} : { front: front.url }),
      ...(expires === undefined ? {} : { expires, clock }),
    });
    return;
  }
  print(`${endpoint} is in service in ${region}; its answers are the model's own.`);
  const body = JSON.stringify({ instances: [names.name(0)] });
  const component = capacity.type === 'toZero' ? endpoint : undefined;
  const words = invokeWords({ name: endpoint, region, profile, component }, body);
  print(`Ask it: ${shellLine(words, ownShell()) ?? words.join(' ')}`);
  if (expires !== undefined) print(`It stays until ${stayText({ expires, clock })}.`);
  print(`Take it away: recsys endpoint delete ${endpoint}`);
}

async function printPolicy(given: unknown, options: DeployOptions): Promise<void> {
  const { bucket, name, role, ttl, clock, scaleToZero: toZero } = options;
  const { policyText } = await import('../../deploy/policy.ts');
  const { ownBucketName } = await import('../../deploy/deployment-names.ts');
  const aws = await openAws(given);
  const { account, partition } = await aws.caller();
  const { region } = aws;
  const arn =
    role?.startsWith('arn:') === true
      ? role
      : `arn:${partition}:iam::${account}:role/${role ?? 'recsys-endpoint'}`;
  const places = {
    ...{ account, partition, region, endpoint: name ?? '*', role: arn },
    bucket: bucket ?? ownBucketName(account, region),
    ...{
      front: frontAccess(given) !== undefined,
      clock: clock && ttl !== undefined && ttl !== NEVER,
      toZero,
    },
  };
  print(policyText(places));
}
