import { type Command, InvalidArgumentError, Option } from 'commander';
import { ENDPOINT_NAME } from '../../../protocol/endpoint.ts';
import { isMomentId } from '../../../protocol/run-id.ts';
import { EXIT, UserError } from '../../../protocol/user-error.ts';
import { addModelOptionsOfRun } from '../asked-model.ts';
import { underTopic } from '../help-topics.ts';
import { ServeOptions } from '../serve-options.ts';
import { wholeNumber } from '../store-options.ts';

const MIB = 2 ** 20;
/** That of TensorFlow Serving's REST interface. */
const DEFAULT_PORT = 8501;
const MOST_PORT = 65_535;

const ACCESS = { name: 'access', title: 'Who may ask' };
const LIMITS = { name: 'limits', title: 'Threads and limits' };

const HELP = `
It answers, until Ctrl+C or SIGTERM:
  POST /v1/models/<name>:predict   TensorFlow Serving's REST interface
  POST /invocations   GET /ping    what Amazon SageMaker asks of a container
  GET  /predict?session=a,b,c      a front without a body
  GET  /docs  /openapi.json  /metrics

SIGHUP looks for the model anew (of --package: opens the folder again). What was asked is answered by the model before.

Examples:
  recsys serve latest
  recsys serve latest --watch --port 0
  recsys serve --package models/prod2vec --name playlists
  RECSYS_TOKEN=… recsys serve latest --host 0.0.0.0`;

function portNumber(text: string): number {
  const port = wholeNumber(0)(text);
  if (port > MOST_PORT) throw new InvalidArgumentError(`It must be at most ${MOST_PORT}.`);
  return port;
}

function endpointName(text: string): string {
  if (ENDPOINT_NAME.test(text)) return text;
  throw new InvalidArgumentError('It must be of letters, digits, dots, dashes and underscores, at most 64.');
}

function originOf(text: string): string {
  if (text === '*' || URL.canParse(text)) return text === '*' ? text : new URL(text).origin;
  throw new InvalidArgumentError('It must be an origin such as https://example.com, or *.');
}

/** `recsys serve <run>`: a model as a local endpoint. */
export function addServeCommand(program: Command): void {
  const command = program
    .command('serve [run]')
    .description('Answer requests over HTTP with a model, as an endpoint of its own would.')
    .addOption(
      new Option('--name <name>', "the model's name in paths (default: its own)").argParser(endpointName),
    )
    .addOption(new Option('--port <n>', '0: any that is free').argParser(portNumber).default(DEFAULT_PORT))
    .addOption(
      new Option(
        '--watch',
        'answer with newer finished runs of the same data, once there are some',
      ).conflicts('package'),
    )
    .addOption(new Option('--id <id>', 'id of the server in the store, for programs').hideHelp());
  for (const option of [
    new Option('--host <address>', 'address to listen on; other than loopback it needs a token').default(
      '127.0.0.1',
    ),
    new Option('--token-file <file>', 'a file with the token that requests must bring (or set RECSYS_TOKEN)'),
    new Option('--allow-origin <origin>', 'pages of this origin may read GET /predict').argParser(originOf),
  ])
    command.addOption(underTopic(option, ACCESS));
  for (const option of [
    new Option('--max-k <n>', 'items that a list may be asked for').argParser(wholeNumber(1)).default(100),
    new Option('--threads <n>', 'threads that rank, each with the model in its memory')
      .argParser(wholeNumber(1))
      .default(1),
    new Option('--body-limit <MiB>', 'size of a request’s body').argParser(wholeNumber(1)).default(4),
  ])
    command.addOption(underTopic(option, LIMITS));
  command.addHelpText('after', HELP);
  addModelOptionsOfRun(command, 'its best on validation').action(
    async (reference: string | undefined, given: Record<string, unknown>) => {
      const options = ServeOptions.parse(given);
      if (options.id !== undefined && !isMomentId(options.id))
        throw new UserError('--id is no id.', 'Leave it out: it is for programs that start servers.', {
          exitCode: EXIT.usage,
        });
      const { serveModel } = await import('../serve-model.ts');
      await serveModel({ ...given, run: reference }, { ...options, bodyLimit: options.bodyLimit * MIB });
    },
  );
}
