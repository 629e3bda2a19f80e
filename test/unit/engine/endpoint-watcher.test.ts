/** What the store tells of endpoints at AWS, without AWS: questions, journals and states as files. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeploymentState } from '../../../src/protocol/deployment.ts';
import { askToCancel, openQuestions } from '../../../src/pipeline/deploy/asking/question-files.ts';
import { AskByFile } from '../../../src/pipeline/deploy/asking/ask-by-file.ts';
import { DeploymentFolder } from '../../../src/pipeline/deploy/deployment-folder.ts';
import { knownEndpoint } from '../../../src/pipeline/deploy/known-endpoint.ts';
import { endpointHandlers } from '../../../src/pipeline/engine/handlers/endpoints.ts';
import { watchEndpoints, type EndpointWatch } from '../../../src/pipeline/engine/endpoint-watcher.ts';
import { CHANGES } from '../../../src/pipeline/deploy/change-record.ts';
import { PREDICTIONS } from '../../../src/pipeline/predict/prediction-record.ts';
import { OwnRecord } from '../../../src/pipeline/store/own-record.ts';
import { ownIdentity } from '../../../src/pipeline/store/process-identity.ts';
import { temporaryFolder } from '../support/toy-store.ts';

const ID = '20261130-010203004-abcd';
let store: string;
let watch: EndpointWatch | undefined;
beforeEach(() => {
  store = path.join(temporaryFolder(), '.recsys');
});
afterEach(() => {
  watch?.dispose();
  fs.rmSync(path.dirname(store), { recursive: true, force: true });
});

const asker = (longestMs?: number): AskByFile =>
  new AskByFile({
    ...{ store, id: ID, about: 'deploying shop', profile: 'shop' },
    ...(longestMs === undefined ? {} : { longestMs }),
  });

const state: DeploymentState = {
  ...{ format: 1, endpoint: 'shop', id: ID, account: '1', region: 'eu-central-1', state: 'running' },
  ...{ process: ownIdentity(), started: '2026-11-30T01:02:03.004Z', image: 'i', bucket: 'b' },
  ...{ model: 'markov', kind: 'markov', run: ID },
  capacity: { type: 'serverless', memory: 1024, concurrency: 5 },
  steps: [
    { name: 'account', state: 'done' },
    { name: 'upload', state: 'running', done: 1, total: 2, message: 'half' },
    { name: 'model', state: 'waiting' },
    { name: 'endpoint', state: 'waiting' },
  ],
};

const predicting = () =>
  OwnRecord.begin(store, PREDICTIONS, { id: ID, output: '/next.csv', where: 'here', warnings: [] });

describe('a question by files', () => {
  it('is listed while it is open, and its answer stays nowhere', async () => {
    const asking = asker();
    const answered = asking.ask({ kind: 'code', device: 'phone' });
    await expect
      .poll(() => openQuestions(store))
      .toMatchObject([{ kind: 'code', number: 1, profile: 'shop' }]);
    const { 'endpoints/answer': answer } = endpointHandlers({ store, workspace: store });
    const never = new AbortController().signal;
    await expect(answer({ id: ID, number: 2, text: '1' }, never)).rejects.toThrow('not asked any more');
    await answer({ id: ID, number: 1, text: '246810' }, never);
    expect(await answered).toBe('246810');
    asking.dispose();
    expect(fs.readdirSync(path.join(store, 'questions'))).toEqual([]);
  });

  it('ends by being cancelled, by time, or by settling itself', async () => {
    const cancelled = asker();
    const asked = cancelled.ask({ kind: 'signIn' });
    const refused = expect(asked).rejects.toThrow('cancelled');
    askToCancel(store, ID);
    await refused;
    expect(cancelled.cancelled.aborted).toBe(true);
    // What was made is to be cleared away, which may need a code again.
    cancelled.startOver();
    const clearing = cancelled.ask({ kind: 'code', device: 'phone' });
    await expect.poll(() => openQuestions(store)).toMatchObject([{ kind: 'code' }]);
    const again = expect(clearing).rejects.toThrow('cancelled');
    askToCancel(store, ID);
    await again;
    cancelled.dispose();
    const late = asker(300);
    await expect(late.ask({ kind: 'signIn' })).rejects.toThrow('Nobody answered');
    late.dispose();
    const settled = asker();
    expect(await settled.ask({ kind: 'signIn' }, { isSettled: () => Promise.resolve(true) })).toBe('');
    settled.dispose();
    expect(openQuestions(store)).toEqual([]);
  });

  it('refuses ids that lead elsewhere', () => {
    expect(() => askToCancel(store, '../../x')).toThrow('no id');
  });
});

describe('an endpoint as the store knows it', () => {
  it('is nothing before anything was begun, and one that cannot be read is told as such', () => {
    const folder = new DeploymentFolder(store, 'shop');
    expect(knownEndpoint(folder)).toBeUndefined();
    fs.mkdirSync(folder.folder, { recursive: true });
    fs.writeFileSync(folder.stateFile, '{}');
    expect(knownEndpoint(folder)).toMatchObject({ name: 'shop', state: 'damaged', pieces: [] });
  });

  it('tells how far a deployment is while its process lives, and that it was lost after', async () => {
    const folder = new DeploymentFolder(store, 'shop');
    await folder.journal.append({
      type: 'deployment',
      id: ID,
      account: '1',
      region: 'eu-central-1',
      model: 'markov',
      kind: 'markov',
    });
    await folder.writeState(state);
    expect(knownEndpoint(folder)).toMatchObject({
      ...{
        state: 'deploying',
        deployed: { model: 'markov' },
        activity: { id: ID, step: 'upload', message: 'half' },
      },
    });
    expect(knownEndpoint(folder)?.activity?.fraction).toBeCloseTo(1.5 / 4);
    await folder.writeState({ ...state, process: { ...ownIdentity(), startMark: 'another' } });
    expect(knownEndpoint(folder)).toMatchObject({
      state: 'ended',
      failure: { message: expect.stringMatching(/lost/) as unknown },
    });
  });

  it('that answers tells by what, since when, and what it can go back to', async () => {
    const { journal } = new DeploymentFolder(store, 'shop');
    const tags = { 'recsys:expires': '2026-12-01T00:00:00.000Z' };
    for (const [id, model] of [
      ['one', 'markov'],
      ['two', 'popularity'],
    ] as const) {
      const capacity = { type: 'instances', instance: 'ml.m5.large', count: 1, most: 1 } as const;
      await journal.append({
        type: 'deployment',
        id,
        account: '1',
        region: 'r',
        model,
        kind: model,
        capacity,
      });
      const piece = { kind: 'endpoint-config', name: `c-${id}`, needs: [] } as const;
      await journal.append({ type: 'intent', id, piece: { ...piece, needs: [] }, tags });
      await journal.append({ type: 'live', id, config: `c-${id}` });
    }
    expect(knownEndpoint(new DeploymentFolder(store, 'shop'))).toMatchObject({
      ...{ state: 'inService', answering: { model: 'popularity' }, earlier: { model: 'markov' } },
      ...{ expires: tags['recsys:expires'], capacity: { type: 'instances' } },
      pieces: ['endpoint configuration c-one', 'endpoint configuration c-two'],
    });
  });
});

describe('what ended lately', () => {
  const never = new AbortController().signal;
  const OTHER = '20261130-010203005-abcd';
  const handlers = () => endpointHandlers({ store, workspace: store });
  const untold = async () => (await handlers()['endpoints/list']({}, never)).untold;
  const tell = async (id: string) => (await handlers()['endpoints/tell']({ id }, never)).first;

  it('is to be told of once, by whichever window is the first', async () => {
    const record = await predicting();
    const folder = new DeploymentFolder(store, 'shop');
    await folder.writeState({ ...state, id: OTHER });
    expect(await untold()).toEqual([]);
    await record.end({ state: 'cancelled' });
    await folder.writeState({ ...state, id: OTHER, state: 'failed', failure: { message: 'No.' } });
    expect(await untold()).toEqual([ID, OTHER]);
    expect(await Promise.all([tell(OTHER), tell(OTHER)])).toEqual([true, false]);
    expect(await untold()).toEqual([ID]);
    expect([await tell(ID), await tell(ID), await untold()]).toEqual([true, false, []]);
  });

  it('is so where its process was lost, but not a day later; marks go when nobody needs them', async () => {
    const folder = new DeploymentFolder(store, 'shop');
    await folder.writeState({ ...state, process: { ...ownIdentity(), startMark: 'another' } });
    expect(await untold()).toEqual([ID]);
    const past = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    fs.utimesSync(folder.stateFile, past(25), past(25));
    expect(await untold()).toEqual([]);
    await tell(ID);
    fs.utimesSync(path.join(store, 'told', `${ID}.json`), past(49), past(49));
    await tell(OTHER);
    expect(fs.readdirSync(path.join(store, 'told'))).toEqual([`${OTHER}.json`]);
  });

  it('may be a removal, which its endpoint tells of while it is under way, and which may be lost', async () => {
    const { journal } = new DeploymentFolder(store, 'shop');
    await journal.append({
      ...{ type: 'deployment', id: OTHER, account: '1', region: 'r', model: 'markov', kind: 'markov' },
    });
    const listed = () => handlers()['endpoints/list']({}, never);
    const begun = { what: 'delete', endpoint: 'shop', pieces: 2 } as const;
    const record = await OwnRecord.begin(store, CHANGES, { id: ID, ...begun });
    expect(await listed()).toMatchObject({ changes: [{ id: ID, state: 'running' }], untold: [] });
    expect((await listed()).endpoints).toMatchObject([{ name: 'shop', changing: 'delete' }]);
    const removals = [{ endpoint: 'shop', removed: ['endpoint shop'], left: [], remaining: [] }];
    await record.end({ state: 'succeeded' }, { removals });
    expect(await listed()).toMatchObject({ changes: [{ removals }], untold: [ID] });
    expect((await listed()).endpoints[0]).not.toHaveProperty('changing');
    const file = path.join(store, 'changing', `${ID}.json`);
    const killed = { ...record.told, state: 'running', process: { ...ownIdentity(), startMark: 'another' } };
    fs.writeFileSync(file, JSON.stringify(killed));
    expect(await listed()).toMatchObject({ changes: [{ id: ID, state: 'lost' }], untold: [ID] });
  });

  it('that did not go wholly says so in the place of its deployment', async () => {
    const folder = new DeploymentFolder(store, 'shop');
    const { journal } = folder;
    const piece = { kind: 'endpoint', name: 'shop', needs: [] } as const;
    const place = { account: '1', region: 'r', model: 'markov', kind: 'markov' };
    await journal.append({ type: 'deployment', id: ID, ...place });
    await journal.append({ type: 'intent', id: ID, piece: { ...piece, needs: [] }, tags: {} });
    await journal.append({ type: 'made', piece: 'endpoint:shop' });
    await folder.writeState({ ...state, state: 'inService', ended: '2026-11-30T01:02:04.004Z' });
    await tell(ID);
    expect(await untold()).toEqual([]);
    await journal.append({ type: 'removal', piece: 'endpoint:shop' });
    const { removal, failure } = knownEndpoint(folder) ?? {};
    expect(removal).toBe('endpoint');
    expect(failure?.message).toBe('The endpoint shop was being taken away, and not all of it is gone.');
    expect(failure?.hint).toContain('This may still be there: endpoint shop.');
    const underWay = await folder.alone(() => Promise.resolve(knownEndpoint(folder)));
    expect(underWay).not.toHaveProperty('removal');
    // A deployment that clears away what it made has told of it itself.
    await folder.writeState({ ...state, state: 'failed', ended: '2999-01-01T00:00:00.000Z' });
    expect(knownEndpoint(folder)?.removal).toBeUndefined();
  });

  it('is damaged no further by a state that cannot be read', async () => {
    const folder = new DeploymentFolder(store, 'shop');
    fs.mkdirSync(folder.folder, { recursive: true });
    fs.writeFileSync(folder.stateFile, '{}');
    expect(await untold()).toEqual([]);
  });
});

describe('the watcher', () => {
  it('tells of questions, journals and states, and of nothing where none of them changed', async () => {
    let told = 0;
    watch = watchEndpoints(store, () => told++);
    expect(watch.mark).toBeUndefined();
    const folder = new DeploymentFolder(store, 'shop');
    await folder.writeState(state);
    await expect.poll(() => told).toBe(1);
    const before = watch.mark;
    expect(before).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect([told, watch.mark]).toEqual([1, before]);
    const asking = asker();
    const asked = asking.ask({ kind: 'signIn' }).catch(() => undefined);
    await expect.poll(() => told).toBe(2);
    askToCancel(store, ID);
    await asked;
    asking.dispose();
    await expect.poll(() => told).toBeGreaterThan(2);
    expect(watch.mark).not.toBe(before);
  });

  it('tells of predictions, which are listed', async () => {
    let told = 0;
    watch = watchEndpoints(store, () => told++);
    const record = await predicting();
    await expect.poll(() => told).toBe(1);
    const { 'endpoints/list': list } = endpointHandlers({ store, workspace: store });
    const predictions = async () => (await list({}, new AbortController().signal)).predictions;
    expect(await predictions()).toMatchObject([{ id: ID, state: 'running' }]);
    await record.end({ state: 'cancelled' });
    await expect.poll(() => told).toBeGreaterThan(1);
    expect(await predictions()).toMatchObject([{ id: ID, state: 'cancelled' }]);
  });
});
