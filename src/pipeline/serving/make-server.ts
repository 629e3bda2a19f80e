import fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import type { Socket } from 'node:net';
import { accessCheck } from './access.ts';
import { HttpError } from './http-error.ts';
import { refusePath } from './refuse-path.ts';
import { addFrontRoutes } from './routes/front-routes.ts';
import { addPageRoutes } from './routes/page-routes.ts';
import { addSageMakerRoutes } from './routes/sagemaker-routes.ts';
import { addTensorFlowRoutes } from './routes/tensorflow-routes.ts';
import type { ServerOptions } from './server-options.ts';

/** A request has to be there as a whole within this time. */
const REQUEST_MS = 30_000;
const KEEP_ALIVE_MS = 65_000;

/** The server of one model, which is not listening yet. */
export function makeServer(options: ServerOptions): FastifyInstance {
  const server = fastify({
    bodyLimit: options.bodyLimit,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // While it stops, what has arrived is answered, and each connection is ended with its answer.
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
  });
  const check = accessCheck(options.token);
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.routeOptions.config.open !== true) check(request.headers);
    done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    const { label = 'other' } = request.routeOptions.config;
    options.metrics.observe(label, reply.statusCode, reply.elapsedTime / 1000);
    done();
  });
  acceptJsonOfForms(server);
  server.setErrorHandler((error: FastifyError | HttpError, _request, reply) =>
    answerError(error, reply, options.log),
  );
  server.setNotFoundHandler((request, reply) => refusePath(request, reply));
  addSageMakerRoutes(server, options);
  addTensorFlowRoutes(server, options);
  addFrontRoutes(server, options);
  addPageRoutes(server, options);
  return server;
}

/** `curl -d` names forms as the type of what it sends; TensorFlow Serving reads it as JSON all the same. */
function acceptJsonOfForms(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, parse);
}

function answerError(
  error: FastifyError | HttpError,
  reply: FastifyReply,
  log: (line: string) => void,
): void {
  const { statusCode = 500 } = error;
  if (statusCode === 401) reply.header('WWW-Authenticate', 'Bearer');
  if (statusCode === 503) reply.header('Retry-After', '1');
  const isOurs = error instanceof HttpError || statusCode < 500;
  // Its text may hold what was asked.
  if (statusCode >= 500 && statusCode !== 503) log(`a request failed (${statusCode}): ${error.name}`);
  reply.code(statusCode).send({ error: isOurs ? error.message : 'The server failed to answer.' });
}

/** What is no HTTP at all, or too slow, is refused in the same form. */
function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'The headers of the request are too large.']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request did not arrive in time.']
        : ['400 Bad Request', 'The request is not valid HTTP.'];
  const body = JSON.stringify({ error: reason });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}
