/** Names and tags of what is made at AWS, at the borders of what AWS takes. */
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  frontName,
  objectKey,
  ownBucketName,
  pieceName,
  requireEndpointName,
  tagsOf,
  tagValue,
  workspaceTag,
} from '../../../src/pipeline/deploy/deployment-names.ts';
import { defaultEndpointName, isEndpointName } from '../../../src/protocol/endpoint-name.ts';
import { newRunId } from '../../../src/protocol/run-id.ts';

describe('the name of an endpoint', () => {
  it.each(['a', 'A1', 'shop-1', 'a--b', 'x'.repeat(63)])('can be %s', (name) => {
    expect(() => requireEndpointName(name)).not.toThrow();
  });

  it.each(['', '-a', 'a-', 'a_b', 'a.b', 'ä', 'a b', 'x'.repeat(64), 'a\n'])('cannot be %j', (name) => {
    expect(() => requireEndpointName(name)).toThrow('cannot be the name');
  });

  it('is proposed where another is refused, and can be taken', () => {
    for (const name of ['my_shop', 'y'.repeat(70), '-', 'ü'.repeat(9), '_a_']) {
      let hint = '';
      try {
        requireEndpointName(name);
      } catch (error) {
        ({ hint } = error as { hint: string });
      }
      const [, proposed = ''] = /--name (\S+)$/.exec(hint) ?? [];
      expect(isEndpointName(proposed), proposed).toBe(true);
    }
  });

  it('is by the model and the run where none is given, and can be taken', () => {
    const run = '20261130-010203004-abcd';
    expect(defaultEndpointName({ run, model: 'item kNN (k=5)' })).toBe('recsys-item-kNN-k-5-abcd');
    expect(defaultEndpointName({ run: undefined, model: 'markov' })).toBe('recsys-markov');
    const long = defaultEndpointName({ run, model: 'm'.repeat(200) });
    expect([long.length, isEndpointName(long)]).toEqual([63, true]);
  });
});

describe('the name of a model and a configuration', () => {
  const id = newRunId();

  it('tells endpoint and deployment, and begins as all of ours do', () => {
    expect(pieceName('shop', id)).toBe(`recsys-shop-${id}`);
    expect(pieceName('recsys-shop', id)).toBe(`recsys-shop-${id}`);
  });

  it('has room at SageMaker, however long that of the endpoint is, and still tells the deployment', () => {
    for (const endpoint of ['x'.repeat(63), `${'x'.repeat(30)}-${'y'.repeat(32)}`]) {
      const name = pieceName(endpoint, id);
      expect([isEndpointName(name), name.endsWith(`-${id}`)]).toEqual([true, true]);
    }
  });
});

it('the name of a front is another for each endpoint, and CloudFormation takes it', () => {
  expect(frontName('shop')).not.toBe(frontName('recsys-shop'));
  // What CloudFormation calls a name.
  for (const endpoint of ['1', 'x'.repeat(63)])
    expect(frontName(endpoint)).toMatch(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/);
});

describe('where the archive lies', () => {
  it('is a bucket of an account and region, whose name S3 takes', () => {
    // The longest name of a region there is.
    expect(ownBucketName('123456789012', 'ap-southeast-1')).toBe('recsys-123456789012-ap-southeast-1');
    expect(ownBucketName('123456789012', 'ap-northeast-3')).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
  });

  it('is the same for equal archives alone, and another for each workspace and endpoint', () => {
    const [one, other] = ['a'.repeat(64), `${'a'.repeat(15)}b${'a'.repeat(48)}`];
    expect(objectKey('w', 'shop', one)).toBe(objectKey('w', 'shop', one));
    const keys = [objectKey('w', 'shop', one), objectKey('w', 'shop', other)].concat(
      objectKey('v', 'shop', one),
      objectKey('w', 'other', one),
    );
    expect(new Set(keys).size).toBe(4);
    // The policy allows what lies there.
    for (const key of keys) expect(key).toMatch(/^recsys\//);
  });
});

describe('tags', () => {
  it('tell workspaces apart by where they are, and have a name for each', () => {
    const tag = workspaceTag(path.join('/home/ada/my shop', '.recsys'));
    expect(tag).toMatch(/^my-shop-[0-9a-f]{8}$/);
    expect(workspaceTag(path.join('/home/bob/my shop', '.recsys'))).not.toBe(tag);
    expect(workspaceTag('/…/.recsys')).toMatch(/^workspace-[0-9a-f]{8}$/);
    expect(workspaceTag(`/${'x'.repeat(200)}/.recsys`)).toHaveLength(49);
  });

  it('are of what AWS takes, and of 256 letters at most', () => {
    expect(tagValue('a b_c.d:e/f=g+h-i@j ä 1')).toBe('a b_c.d:e/f=g+h-i@j ä 1');
    expect(tagValue('a"b<c>;{}')).toBe('a_b_c____');
    expect(tagValue('x'.repeat(300))).toHaveLength(256);
  });

  it('are all there, and the time to live where there is one', () => {
    const common = {
      ...{ owner: 'arn:aws:iam::1:user/ada', workspace: 'w', endpoint: 'shop', deployment: 'd' },
    };
    const source = { model: 'markov', kind: 'markov' };
    const tags = tagsOf({ ...common, source, expires: undefined });
    expect(tags).toEqual({
      ...{ 'recsys:run': 'package markov', 'recsys:owner': 'arn:aws:iam::1:user/ada' },
      ...{ 'recsys:workspace': 'w', 'recsys:endpoint': 'shop', 'recsys:deployment': 'd' },
    });
    const expires = '2026-12-01T00:00:00.000Z';
    expect(tagsOf({ ...common, source: { ...source, run: 'r' }, expires })).toMatchObject({
      ...{ 'recsys:run': 'r', 'recsys:expires': expires },
    });
  });
});
