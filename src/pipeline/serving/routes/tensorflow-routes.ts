/** TensorFlow Serving's REST interface: the state of a model, its signatures, and predictions. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from '../http-error.ts';
import { refusePath } from '../refuse-path.ts';
import type { ServerOptions } from '../server-options.ts';
import { tellVersion } from '../tell-version.ts';
import { signatureDefinitions } from '../signature-definitions.ts';
import { answerPrediction } from './predict.ts';

interface Named {
  readonly name: string;
  /** Absent: the newest. */
  readonly version: string | undefined;
  readonly ending: string;
}

const PATH = /^([\w.-]+)(?:\/versions\/(\d{1,18}))?(|\/metadata|:predict)$/;

export function addTensorFlowRoutes(server: FastifyInstance, options: ServerOptions): void {
  server.get('/v1/models/*', { config: { label: 'model' } }, (request, reply) => {
    const named = namedBy(request);
    if (named === undefined || named.ending === ':predict') return refusePath(request, reply);
    requireServed(named, options, `Could not find any versions of model ${named.name}`);
    tellVersion(reply, options.slot.current);
    return named.ending === '' ? sendState(reply, options) : sendMetadata(reply, options);
  });
  server.post('/v1/models/*', { config: { label: 'predict' } }, (request, reply) => {
    const named = namedBy(request);
    if (named?.ending !== ':predict') return refusePath(request, reply);
    requireServed(named, options, notServed(named));
    return answerPrediction(request, reply, options);
  });
}

function namedBy(request: FastifyRequest): Named | undefined {
  const { '*': rest = '' } = request.params as { '*'?: string };
  const [, name = '', version, ending = ''] = PATH.exec(rest) ?? [];
  return name === '' ? undefined : { name, version, ending };
}

const notServed = ({ name, version }: Named): string =>
  `Servable not found for request: ${version === undefined ? `Latest(${name})` : `Specific(${name}, ${version})`}`;

function requireServed(named: Named, { name, slot }: ServerOptions, unknown: string): void {
  if (named.name !== name) throw new HttpError(404, unknown);
  if (named.version !== undefined && Number(named.version) !== slot.current.version)
    throw new HttpError(404, notServed(named));
}

function sendState(reply: FastifyReply, { slot }: ServerOptions): FastifyReply {
  const { version, model } = slot.current;
  return reply.send({
    model_version_status: [
      {
        version: String(version),
        state: model.isReady ? 'AVAILABLE' : 'LOADING',
        status: { error_code: 'OK', error_message: '' },
      },
    ],
  });
}

function sendMetadata(reply: FastifyReply, { name, slot }: ServerOptions): FastifyReply {
  return reply.send({
    model_spec: { name, signature_name: '', version: String(slot.current.version) },
    metadata: { signature_def: { signature_def: signatureDefinitions() } },
  });
}
