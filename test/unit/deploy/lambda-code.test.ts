/** The functions of the REST front, as AWS runs them. That they answer as the local server does is in `serving`. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { lambdaCode } from '../../../scripts/lambda-code.mjs';
import code from '../../../src/pipeline/deploy/lambda-code.json' with { type: 'json' };
import { authoriseFunction, lambdaLog, predictFunction } from '../support/lambda.ts';

const env = { ENDPOINT: 'shop', MAX_K: '20', EXCLUDE_QUERY: 'true' };
const TOKEN = 'a-token-of-a-test';

it('is made of the sources that are there (else: node scripts/lambda-code.mjs)', async () => {
  expect(code).toEqual(await lambdaCode());
});

it('fits into a template, and says nothing of where it was made', () => {
  for (const text of Object.values(code)) {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4096);
    expect(text).not.toMatch(/\/work|\/home|file:/);
  }
});

describe('the function behind /predict', () => {
  beforeEach(() => lambdaLog.splice(0));
  let asked: unknown[] = [];
  beforeEach(() => (asked = []));
  const answers = {
    predictions: [{ items: ['x', 'y', '', ''], scores: [2, 1, 0, 0], answered_by: 'model' }],
  };
  const ask = (rawQueryString: string, more: Record<string, string> = {}): Promise<unknown> =>
    predictFunction(code.predict, {
      env: { ...env, ...more },
      invoke: ({ EndpointName, Body }) => {
        asked.push([EndpointName, JSON.parse(Body)]);
        return Promise.resolve(JSON.stringify(answers));
      },
    })({ rawQueryString });

  it('asks the endpoint for a list, and gives it without what fills it up', async () => {
    expect(await ask('session=a,b&item=c%2Cd&k=4')).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: expect.stringMatching(
        /^\{"prediction":\["x","y"\],"time":[\d.e-]+,"endpoint":"shop","answered_by":"model"\}$/,
      ) as string,
    });
    const instance = { items: ['a', 'b', 'c,d'], k: 4, exclude_query: true };
    expect(asked).toEqual([['shop', { signature_name: 'recommend', instances: [instance] }]]);
  });

  it('has a session without items answered, by a list that TensorFlow takes', async () => {
    await ask('session=', { EXCLUDE_QUERY: 'false' });
    const instance = { items: [''], k: 10, exclude_query: false };
    expect(asked).toEqual([['shop', { signature_name: 'recommend', instances: [instance] }]]);
  });

  it('asks nothing where a request is refused', async () => {
    expect(await ask('session=a&k=21')).toMatchObject({
      statusCode: 400,
      body: '{"error":"\\"k\\" must be a whole number from 1 to 20."}',
    });
    expect(asked).toEqual([]);
  });

  it.each([
    ['ThrottlingException', 503],
    ['ModelNotReadyException', 503],
    ['TimeoutError', 503],
    ['ModelError', 500],
    ['AccessDeniedException', 500],
  ])('%s is answered by %i, and the log has no more than its name', async (name, statusCode) => {
    const invoke = (): Promise<string> =>
      Promise.reject(Object.assign(new Error('an item that was asked'), { name }));
    const reply = await predictFunction(code.predict, { env, invoke })({ rawQueryString: 'session=secret' });
    expect(reply.statusCode).toBe(statusCode);
    expect(reply.headers['retry-after']).toBe(statusCode === 503 ? '1' : undefined);
    expect(lambdaLog).toEqual([`a request failed: ${name}\n`]);
    expect(reply.body).not.toMatch(/secret|item/);
  });

  it('tells of an answer that is none that it failed', async () => {
    const invoke = (): Promise<string> => Promise.resolve('<html>');
    const reply = await predictFunction(code.predict, { env, invoke })({ rawQueryString: 'session=a' });
    expect(reply).toMatchObject({ statusCode: 500, body: '{"error":"The server failed to answer."}' });
  });
});

describe('the authoriser', () => {
  const hash = createHash('sha256').update(TOKEN).digest('hex');
  const isLet = async (authorization: string | undefined, TOKEN_SHA256 = hash): Promise<boolean> => {
    const headers = authorization === undefined ? {} : { authorization };
    const guard = authoriseFunction(code.authorise, { env: { TOKEN_SHA256 } });
    return (await guard({ headers })).isAuthorized;
  };

  it('lets the token pass, and nothing else', async () => {
    expect(await isLet(`Bearer ${TOKEN}`)).toBe(true);
    expect(await isLet(`bearer  ${TOKEN}`)).toBe(true);
    for (const other of [undefined, '', TOKEN, `Bearer ${TOKEN}x`, `Bearer ${hash}`, `Basic ${TOKEN}`])
      expect(await isLet(other), other).toBe(false);
    expect((await authoriseFunction(code.authorise, { env: { TOKEN_SHA256: hash } })({})).isAuthorized).toBe(
      false,
    );
  });

  it('lets nobody pass where it was given no hash, or half of one', async () => {
    const ofNothing = createHash('sha256').update('').digest('hex');
    for (const given of ['', hash.slice(0, 32), 'no hash at all'])
      expect(await isLet(`Bearer ${TOKEN}`, given)).toBe(false);
    expect(await isLet('Bearer ', ofNothing)).toBe(false);
  });
});
