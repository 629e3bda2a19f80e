/**
 * Stands between the AWS SDK and moto: it fails calls as it is told, and answers what moto cannot. Names of calls are those
 * of AWS (`CreateModel`, `PutObject`).
 */
import * as http from 'node:http';
import { once } from 'node:events';

/** What becomes of a call: refused, asked too often, never answered (though it was done), or cut off. */
export type Failure =
  | { readonly how: 'error'; readonly status: number; readonly code: string; readonly message: string }
  | { readonly how: 'throttle' }
  /** The call is done, and its answer is lost. */
  | { readonly how: 'lost' }
  /** The call is done, and something happens before its answer. */
  | { readonly how: 'then'; readonly action: () => void };

interface Rule {
  readonly call: RegExp;
  readonly failure: Failure;
  left: number;
}

export interface SeenCall {
  readonly name: string;
  readonly body: string;
}

type OwnReply = { status: number; body: string } | undefined;
type Own = (body: string) => OwnReply | Promise<OwnReply>;
/** Changes what moto told. */
type Amend = (asked: unknown, told: object) => object | Promise<object>;

export class AwsProxy {
  readonly calls: SeenCall[] = [];
  /** Answers instead of moto, by the names of calls. */
  readonly own = new Map<string, Own>();
  /** What moto says, as it would be at AWS; by the names of calls. */
  readonly amended = new Map<string, Amend>();
  readonly #moto: string;
  readonly #server: http.Server;
  #rules: Rule[] = [];
  /** Configurations that endpoints were updated to: moto cannot. */
  readonly updates = new Map<string, string>();
  readonly statuses = new Map<string, { EndpointStatus: string; FailureReason?: string }>();
  answer: (body: string) => unknown = () => ({});
  /** Told of each call before it is answered. */
  onRequest: (name: string, headers: http.IncomingHttpHeaders) => void = () => undefined;
  /** Configurations without a model, which moto does not know: they are given one on the way in, and lose it on the way back. */
  readonly #withoutModel = new Set<string>();
  #lastModel = '';

  constructor(moto: string) {
    this.#moto = moto;
    this.#server = http.createServer((request, response) => {
      void this.#serve(request, response).catch(() => response.destroy());
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Fails the next calls of a name. */
  fail(call: RegExp, failure: Failure, times = 1): void {
    this.#rules.push({ call, failure, left: times });
  }

  /** Fails no more calls. */
  heal(): void {
    this.#rules = [];
  }

  reset(): void {
    this.#rules = [];
    this.calls.length = 0;
    this.updates.clear();
    this.statuses.clear();
    this.#withoutModel.clear();
  }

  async #serve(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
    const body = Buffer.concat(chunks);
    const name = callOf(request, body.toString('latin1').slice(0, 2000));
    const text = name.startsWith('UploadPart') || name === 'PutObject' ? '' : body.toString();
    this.calls.push({ name, body: text });
    this.onRequest(name, request.headers);
    const rule = this.#rules.find(({ call, left }) => left > 0 && call.test(name));
    if (rule !== undefined) rule.left--;
    const failure = rule?.failure;
    if (failure?.how === 'error') {
      send(response, failure.status, errorOf(failure, request), failure.code);
      return;
    }
    if (failure?.how === 'throttle') {
      send(
        response,
        400,
        errorOf({ code: 'ThrottlingException', message: 'Rate exceeded' }, request),
        'ThrottlingException',
      );
      return;
    }
    const reply =
      (await this.#ownReply(name, text)) ?? (await this.#forward(request, this.#forMoto(name, body)));
    if (failure?.how === 'lost') {
      response.destroy();
      return;
    }
    if (failure?.how === 'then') failure.action();
    await this.#amendReply(name, text, reply);
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body);
  }

  async #ownReply(name: string, text: string): Promise<Reply | undefined> {
    const own = await this.own.get(name)?.(text);
    if (own !== undefined) return json(own.status, own.body);
    if (name === 'InvokeEndpoint') return json(200, JSON.stringify(this.answer(text)));
    if (name !== 'UpdateEndpoint') return undefined;
    const { EndpointName = '', EndpointConfigName = '' } = JSON.parse(text) as Record<string, string>;
    this.updates.set(EndpointName, EndpointConfigName);
    return json(200, JSON.stringify({ EndpointArn: `arn:aws:sagemaker:x:1:endpoint/${EndpointName}` }));
  }

  #forMoto(name: string, body: Buffer): Buffer {
    if (name !== 'CreateModel' && name !== 'CreateEndpointConfig') return body;
    const asked = JSON.parse(body.toString()) as Configuration;
    if (asked.ModelName !== undefined) this.#lastModel = asked.ModelName;
    const { EndpointConfigName = '', ProductionVariants = [] } = asked;
    if (ProductionVariants.every(({ ModelName }) => ModelName !== undefined)) return body;
    this.#withoutModel.add(EndpointConfigName);
    const ModelName = this.#lastModel;
    const given = ProductionVariants.map((variant) => ({ ModelName, ...variant }));
    return Buffer.from(JSON.stringify({ ...asked, ProductionVariants: given }));
  }

  #withoutItsModel(reply: Reply): void {
    const told = JSON.parse(reply.body.toString()) as Configuration;
    if (!this.#withoutModel.has(told.EndpointConfigName ?? '')) return;
    const variants = (told.ProductionVariants ?? []).map(({ ModelName: _, ...variant }) => variant);
    reply.body = Buffer.from(JSON.stringify({ ...told, ProductionVariants: variants }));
    delete reply.headers['content-length'];
  }

  async #amendReply(name: string, text: string, reply: Reply): Promise<void> {
    this.#amend(name, text, reply);
    if (name === 'DescribeEndpointConfig' && reply.status === 200) this.#withoutItsModel(reply);
    const amend = this.amended.get(name);
    if (amend === undefined || reply.status !== 200) return;
    const told = await amend(JSON.parse(text), JSON.parse(reply.body.toString()) as object);
    reply.body = Buffer.from(JSON.stringify(told));
    delete reply.headers['content-length'];
  }

  /** What moto says of an endpoint, as it would be after updates. */
  #amend(name: string, text: string, reply: Reply): void {
    if (name !== 'DescribeEndpoint' || reply.status !== 200) return;
    const { EndpointName = '' } = JSON.parse(text) as Record<string, string>;
    const config = this.updates.get(EndpointName);
    const status = this.statuses.get(EndpointName);
    const told = JSON.parse(reply.body.toString()) as object;
    reply.body = Buffer.from(
      JSON.stringify({ ...told, ...(config === undefined ? {} : { EndpointConfigName: config }), ...status }),
    );
    delete reply.headers['content-length'];
  }

  async #forward(request: http.IncomingMessage, body: Buffer): Promise<Reply> {
    const { connection: _, ...given } = request.headers;
    const isAsGiven =
      given['content-length'] === undefined || Number(given['content-length']) === body.length;
    const headers = isAsGiven ? given : { ...given, 'content-length': String(body.length) };
    const { hostname, port } = new URL(this.#moto);
    const forwarded = http.request({ hostname, port, path: request.url, method: request.method, headers });
    forwarded.end(body);
    const [answer] = (await once(forwarded, 'response')) as [http.IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(Buffer.from(chunk as Uint8Array));
    return { status: answer.statusCode ?? 500, headers: { ...answer.headers }, body: Buffer.concat(chunks) };
  }
}

interface Configuration {
  readonly EndpointConfigName?: string;
  readonly ModelName?: string;
  readonly ProductionVariants?: readonly { readonly ModelName?: string }[];
}

interface Reply {
  readonly status: number;
  readonly headers: http.OutgoingHttpHeaders;
  body: Buffer;
}

function json(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: Buffer.from(body) };
}

function isS3(request: http.IncomingMessage): boolean {
  return (
    request.headers['x-amz-target'] === undefined && (request.headers.authorization ?? '').includes('/s3/')
  );
}

function errorOf(
  { code, message }: { code: string; message: string },
  request: http.IncomingMessage,
): string {
  const isJson = request.headers['x-amz-target'] !== undefined || request.url?.endsWith('/invocations');
  if (isJson === true) return JSON.stringify({ __type: code, message });
  if (isS3(request)) return `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

function send(response: http.ServerResponse, status: number, body: string, code: string): void {
  const type = body.startsWith('<') ? 'application/xml' : 'application/x-amz-json-1.1';
  response.writeHead(status, { 'content-type': type, 'x-amzn-errortype': code });
  response.end(body);
}

/** The name of a call of S3, by its method and place. */
function s3Call({ method = '', url = '' }: http.IncomingMessage): string {
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const isObject = pathname.split('/').filter(Boolean).length > 1;
  if (!isObject) {
    for (const [key, name] of [
      ['tagging', 'BucketTagging'],
      ['publicAccessBlock', 'PublicAccessBlock'],
      ['encryption', 'BucketEncryption'],
    ] as const)
      if (searchParams.has(key)) return `${method === 'PUT' ? 'Put' : 'Get'}${name}`;
    if (searchParams.has('uploads')) return 'ListMultipartUploads';
    return { PUT: 'CreateBucket', DELETE: 'DeleteBucket', HEAD: 'HeadBucket' }[method] ?? 'ListBuckets';
  }
  if (searchParams.has('uploads')) return 'CreateMultipartUpload';
  if (searchParams.has('uploadId'))
    return (
      {
        PUT: 'UploadPart',
        POST: 'CompleteMultipartUpload',
        DELETE: 'AbortMultipartUpload',
        GET: 'ListParts',
      }[method] ?? method
    );
  return (
    { GET: 'GetObject', PUT: 'PutObject', HEAD: 'HeadObject', DELETE: 'DeleteObject' }[method] ??
    `${method}Object`
  );
}

function callOf(request: http.IncomingMessage, body: string): string {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return target.split('.').at(-1) ?? target;
  if ((request.url ?? '').endsWith('/invocations')) return 'InvokeEndpoint';
  const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1];
  if (action !== undefined) return action;
  return isS3(request) ? s3Call(request) : `${request.method ?? ''} ${request.url ?? ''}`;
}
