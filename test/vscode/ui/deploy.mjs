// A run is deployed from its row, against an AWS that stands in this machine: a profile, a code, a role and the plan are
// asked in the window, after a reload too; then it is tried, updated, rolled back and deleted, and nothing is left.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { recsys, stepsOf } from '../places.mjs';
import { startFakeAws } from './fake-aws.mjs';
import { fillPath } from './fill-path.mjs';
import { writeSmallData } from './small-data.mjs';
import { until } from './until.mjs';

export const title =
  'deploy → try it → update → roll back → predict → delete, also while the window is reloaded';
/** It needs moto: the stage of the peers runs it. */
export const ofPeers = true;

const SECRETS = ['AKIAPLANTEDPLANTED00', 'planted/secret/key/planted+secret+key000', '246810'];
const [KEY_ID, KEY, CODE] = SECRETS;
const CONFIG = `[profile shop]
region = eu-central-1
${fs.readFileSync(new URL('../../fixtures/aws-profiles.ini', import.meta.url), 'utf8')}`;
const CREDENTIALS = `[shop]
aws_access_key_id = ${KEY_ID}
aws_secret_access_key = ${KEY}
`;

export function prepare(folder) {
  writeSmallData(folder);
  recsys(folder, 'run', 'small.csv', '--models', 'markov', '--name', 'first');
  recsys(folder, 'run', 'small.csv', '--models', 'popularity', '--name', 'second');
  recsys(folder, 'refit', 'first');
}

/** The package that is measured, which is the one that is deployed. */
function packageOf(folder, run) {
  const { path: step } = stepsOf(folder, run).findLast(
    ({ step: name, artifacts }) =>
      ['refit', 'train'].includes(name) && artifacts.some((artifact) => artifact.name === 'model'),
  );
  return path.join(folder, '.recsys/runs', run, step);
}

/** AWS, and the home of a person who has profiles. */
export async function beside(folder) {
  const runs = JSON.parse(recsys(folder, 'runs', '--json')).runs.map(({ id }) => id);
  const aws = await startFakeAws(Object.fromEntries(runs.map((run) => [run, packageOf(folder, run)])));
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'recsys-home-'));
  fs.mkdirSync(path.join(home, '.aws'));
  fs.writeFileSync(path.join(home, '.aws/config'), CONFIG);
  fs.writeFileSync(path.join(home, '.aws/credentials'), CREDENTIALS, { mode: 0o600 });
  const env = {
    ...{ HOME: home, AWS_ENDPOINT_URL: aws.url, AWS_EC2_METADATA_DISABLED: 'true', AWS_PROFILE: '' },
    ...{ AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_SESSION_TOKEN: '' },
  };
  const stop = () => {
    aws.stop();
    fs.rmSync(home, { recursive: true, force: true });
  };
  return { env, aws, stop };
}

const NAME = 'shop-window';

function journal(folder) {
  const file = path.join(folder, '.recsys/deployments', NAME, 'journal.ndjson');
  if (!fs.existsSync(file)) return [];
  const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

/** All texts that were written below a folder, but the person's own files. */
function* writtenBelow(folder) {
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile() && !entry.parentPath.includes('extensions'))
      yield [
        path.join(entry.parentPath, entry.name),
        fs.readFileSync(path.join(entry.parentPath, entry.name), 'latin1'),
      ];
}

async function chooseFirst(workbench, text) {
  const row = workbench.quickRow(text);
  await row.waitFor();
  await row.click();
}

/** A tree that is drawn anew takes its hover away, so the pointer comes again. */
async function hovered({ page }, row, text) {
  const hover = page.locator('.monaco-hover:visible', { hasText: text });
  for (let attempt = 0; attempt < 5; attempt++) {
    await page.mouse.move(700, 600);
    await row.hover();
    const isThere = await hover.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
  }
  await hover.waitFor();
}

export async function run({ workbench, folder, check, shot, server, changeSettings }) {
  const { page } = workbench;
  const view = workbench.webview();
  const row = workbench.row(NAME);
  const dialog = page.locator('.monaco-dialog-box');
  const questions = path.join(folder, '.recsys/questions');

  await check('profiles are shown with their accounts, and what they need', async () => {
    await workbench.openContainer('RecSys');
    await workbench.contextMenu(workbench.row('first'), 'Deploy…');
    await chooseFirst(workbench, 'as it was evaluated');
    await workbench.quickRow('account 123456789012 · eu-central-1').waitFor();
    await workbench.quickRow('asks for the code of a device').waitFor();
    await workbench.quickRow('the sign-in is over').waitFor();
    assert.equal(journal(folder).length, 0);
    await shot('profiles');
  });

  await check('the code of a device is asked, and asked again after a reload', async () => {
    await chooseFirst(workbench, 'guarded');
    await workbench.answer('Name of the endpoint', NAME);
    await chooseFirst(workbench, 'Serverless');
    await chooseFirst(workbench, 'a front that it has stays as it is');
    await workbench.quickPick().filter({ hasText: 'mfa/phone' }).waitFor();
    await shot('code');
    // The palette closes the question, which is no answer.
    await workbench.reload();
    await workbench.quickPick().filter({ hasText: 'mfa/phone' }).waitFor();
    await workbench.answer('mfa/phone', CODE);
  });

  await check('the role is chosen among those that SageMaker may take', async () => {
    await workbench.quickRow('role/endpoint').waitFor();
    await shot('role');
    await chooseFirst(workbench, 'role/endpoint');
  });

  await check('the plan is shown before anything is made', async () => {
    await dialog.getByText(`Deploy markov as ${NAME}?`).waitFor();
    await dialog.getByText('Account: 123456789012, by guarded').waitFor();
    await dialog.getByText('serverless, 1024 MB').waitFor();
    assert.equal(journal(folder).length, 0);
    await shot('plan');
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
  });

  await check('how far it is stands in its row, and in a notification', async () => {
    await workbench.openContainer('RecSys');
    await row.getByText('waiting for the endpoint').waitFor();
    await workbench.notification(`deploying ${NAME}`).waitFor();
    await shot('deploying');
  });

  await check('it comes to be in service', async () => {
    await workbench.notification(`${NAME} is in service`).waitFor({ timeout: 120_000 });
    await row.getByText('in service').waitFor();
    await row.getByText('serverless').waitFor();
    await shot('deployed');
    assert.deepEqual(fs.readdirSync(questions), []);
  });

  const asked = async () => {
    await view.locator('#endpoint-item').fill('Artist 1|||Track 1-1');
    await view.getByRole('button', { name: 'Send' }).click();
    await view.getByText('Status 200').waitFor();
  };
  await check('it answers from the window', async () => {
    await workbench.contextMenu(row, 'Try Endpoint');
    await view.locator('#endpoint-item').fill('Artist 1|||Track 1-1');
    await view.getByRole('button', { name: 'Send' }).click();
    // The profile has a device, so each process of it asks for its code.
    await workbench.answer('mfa/phone', CODE);
    await view.getByText('Status 200').waitFor();
    await view.getByText('Answered by the model.').waitFor();
    await shot('tried');
  });

  await check('another run updates it, with a REST front whose token is shown once', async () => {
    await workbench.contextMenu(workbench.row('second'), 'Deploy…');
    await chooseFirst(workbench, 'account 123456789012');
    await chooseFirst(workbench, `${NAME}`);
    await chooseFirst(workbench, 'Serverless');
    await workbench.quickRow('With AWS sign-in').waitFor();
    await shot('front');
    await chooseFirst(workbench, 'With a token');
    await dialog.getByText('It is shown this once').waitFor();
    const [token] = /(?<![\w-])[\w-]{43}(?![\w-])/.exec(await dialog.innerText()) ?? [];
    assert.ok(token !== undefined);
    SECRETS.push(token);
    await shot('token');
    await dialog.getByRole('button', { name: 'Copy and Go On' }).click();
    await chooseFirst(workbench, 'role/endpoint');
    await dialog.getByText('GET /predict, for whoever has its token').waitFor();
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
    await workbench.notification('Its REST front: https://').waitFor({ timeout: 120_000 });
    await row.getByText('popularity').waitFor();
    await row.getByText('REST front').waitFor();
    await shot('fronted');
    await asked();
    await view.getByText('Answered by the model.').waitFor();
  });

  await check('it is rolled back', async () => {
    await workbench.contextMenu(row, 'Roll Back…');
    await dialog.getByText(`Let ${NAME} answer by markov`).waitFor();
    await dialog.getByRole('button', { name: 'Roll Back' }).click();
    await row.getByText('markov').waitFor({ timeout: 60_000 });
    await asked();
  });

  const inTheme = async (theme, kind) => {
    changeSettings({ 'workbench.colorTheme': theme });
    await workbench.reload();
    await page.locator(`.monaco-workbench.${kind}`).waitFor();
    await workbench.openContainer('RecSys');
    await row.getByText('in service').waitFor();
  };

  await check('AWS is asked how it is, and it is seen in each theme', async () => {
    await workbench.contextMenu(row, 'Refresh Status from AWS');
    await row.getByText('in service').waitFor();
    for (const [name, theme, kind] of [
      ['dark', 'Dark Modern', 'vs-dark'],
      ['contrast', 'Default High Contrast', 'hc-black'],
    ]) {
      await inTheme(theme, kind);
      await view.getByText('SageMaker eu-central-1').waitFor();
      await hovered(workbench, row, 'Can be rolled back to popularity');
      await shot(name);
    }
  });

  const costs = async () => {
    await workbench.command('RecSys: Find What Costs Money');
    await chooseFirst(workbench, 'account 123456789012');
  };
  const forgotten = workbench.quickRow('endpoint forgotten');
  const ours = workbench.quickRow(`endpoint ${NAME}`);
  // Looking through all regions takes long: as often as there are themes to be seen, and no more.
  await check('what costs money is found in all regions, also what another workspace left', async () => {
    const seen = async (theme) => {
      await costs();
      await forgotten.waitFor({ timeout: 180_000 });
      await forgotten.getByText('us-east-1 · 0.23 $ an hour').waitFor();
      await forgotten.getByText('of workspace another-0a1b2c3d').waitFor();
      await ours.getByText('nothing when idle').waitFor();
      await shot(`costs-${theme}`);
    };
    await seen('contrast');
    await page.keyboard.press('Escape');
    await inTheme('Light Modern', 'vs');
    await seen('light');
  });

  await check('one thing is deleted with what was made with it, and is gone', async () => {
    await forgotten.click();
    await workbench.quickPick().getByText('1 Selected').waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByText('• model recsys-forgotten (us-east-1)').waitFor();
    assert.ok(!(await dialog.innerText()).includes(NAME));
    await shot('costs-delete');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await workbench.notification('Taken away: endpoint forgotten').waitFor({ timeout: 180_000 });
    await inTheme('Dark Modern', 'vs-dark');
    await costs();
    await ours.getByText('nothing when idle').waitFor({ timeout: 180_000 });
    assert.equal(await workbench.quickRow('forgotten').count(), 0);
    await shot('costs-dark');
    await page.keyboard.press('Escape');
    await row.getByText('in service').waitFor();
  });

  await check('a file is predicted at AWS, on other instances than those that were planned', async () => {
    await workbench.contextMenu(workbench.row('first'), 'Predict for a File');
    await chooseFirst(workbench, 'as it was evaluated');
    await chooseFirst(workbench, 'small.csv');
    const input = page.locator('.quick-input-widget:visible input').first();
    await fillPath(page, input, path.join(folder, 'next.ndjson'));
    await page.keyboard.press('Enter');
    await workbench.answer('How many items each query gets', '3');
    await chooseFirst(workbench, 'New ones');
    await chooseFirst(workbench, 'At AWS');
    await chooseFirst(workbench, 'account 123456789012');
    await chooseFirst(workbench, 'role/endpoint');
    await dialog.getByText('On: 1 × ml.m5.large').waitFor();
    await shot('predict-plan');
    await dialog.getByRole('button', { name: 'Other Instances…' }).click();
    await workbench.quickRow('planned').waitFor();
    await shot('predict-instances');
    await chooseFirst(workbench, 'ml.m5.xlarge');
    await workbench.answer('How many of them?', '2');
    await dialog.getByText('On: 2 × ml.m5.xlarge').waitFor();
    await dialog.getByRole('button', { name: 'Predict', exact: true }).click();
    await workbench.notification('are in next.ndjson').waitFor({ timeout: 60_000 });
    await shot('predicted');
    const [line] = fs.readFileSync(path.join(folder, 'next.ndjson'), 'utf8').split('\n');
    assert.equal(JSON.parse(line).items.length, 3);
    await workbench.command('Notifications: Clear All Notifications');
  });

  await check('its front goes alone, once that is meant', async () => {
    await workbench.contextMenu(row, 'Delete REST Front…');
    await dialog.getByText('The endpoint itself stays.').waitFor();
    await shot('front-delete');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await workbench.notification('Taken away: REST front').waitFor({ timeout: 60_000 });
    await row.getByText('REST front').waitFor({ state: 'detached' });
    await row.getByText('in service').waitFor();
  });

  const going = () => {
    const place = path.join(folder, '.recsys/changing');
    const records = fs.readdirSync(place).map((name) => fs.readFileSync(path.join(place, name), 'utf8'));
    return records.map((text) => JSON.parse(text)).find(({ what }) => what === 'delete');
  };
  await check(
    'it is deleted, once the person has seen what goes, also while the window is reloaded',
    async () => {
      await workbench.contextMenu(row, 'Delete Endpoint…');
      await dialog.getByText('These go:').waitFor();
      await shot('delete');
      await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
      await workbench.notification(`taking ${NAME} away`).waitFor();
      await row.getByText('being taken away').waitFor();
      await shot('deleting');
      await workbench.reload();
      assert.deepEqual([going().state, going().endpoint], ['running', NAME]);
      await workbench.openContainer('RecSys');
      await workbench.notification(`Taken away: endpoint ${NAME}`).waitFor({ timeout: 60_000 });
      assert.equal(going().state, 'succeeded');
      await row.waitFor({ state: 'detached', timeout: 60_000 });
      await until(
        () => journal(folder),
        (all) => all.length === 0,
      );
      await page.getByText('Nothing is served.').waitFor();
    },
  );

  await check('an instance says that a clock at AWS takes it away, and the clock goes with it', async () => {
    const timed = workbench.row('for-hours');
    await workbench.contextMenu(workbench.row('first'), 'Deploy…');
    await chooseFirst(workbench, 'as it was evaluated');
    await chooseFirst(workbench, 'account 123456789012');
    await workbench.answer('Name of the endpoint', 'for-hours');
    await chooseFirst(workbench, 'Instance…');
    await workbench.answer('Type of the instance', 'ml.t2.medium');
    await workbench.quickRow('8 hours').waitFor();
    await shot('time');
    await chooseFirst(workbench, '8 hours');
    await chooseFirst(workbench, 'a front that it has stays as it is');
    await chooseFirst(workbench, 'role/endpoint');
    await dialog.getByText('a clock at AWS takes it away then').waitFor();
    await shot('clock-plan');
    await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
    await workbench.notification('for-hours is in service').waitFor({ timeout: 120_000 });
    await timed.getByText('h left').waitFor();
    await hovered(workbench, timed, 'A clock at AWS takes it away at');
    await shot('clock');
    await workbench.contextMenu(timed, 'Delete Endpoint…');
    await dialog.getByText('• clock recsys-clock-for-hours').waitFor();
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await timed.waitFor({ state: 'detached', timeout: 60_000 });
  });

  await check(
    'one that scales to zero says what that means, answers, and goes with its component',
    async () => {
      const asleep = workbench.row('by-night');
      await workbench.contextMenu(workbench.row('first'), 'Deploy…');
      await chooseFirst(workbench, 'as it was evaluated');
      await chooseFirst(workbench, 'account 123456789012');
      await workbench.answer('Name of the endpoint', 'by-night');
      await workbench.quickRow('Scale to Zero…').waitFor();
      await shot('capacity');
      await chooseFirst(workbench, 'Scale to Zero…');
      await workbench.answer('Type of the instance', 'ml.m5.large');
      await chooseFirst(workbench, 'a front that it has stays as it is');
      await chooseFirst(workbench, 'role/endpoint');
      await dialog.getByText('0 to 1 × ml.m5.large').waitFor();
      await shot('zero-plan');
      await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
      await workbench.notification('by-night is in service').waitFor({ timeout: 120_000 });
      await asleep.getByText('ml.m5.large, to zero').waitFor();
      await workbench.contextMenu(asleep, 'Delete Endpoint…');
      await dialog.getByText('recsys-zero-by-night').waitFor();
      await shot('zero-delete');
      await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
      await asleep.waitFor({ state: 'detached', timeout: 60_000 });
    },
  );

  await check('no secret is in any file', () => {
    const files = [...writtenBelow(folder), ...writtenBelow(server.folder)];
    assert.ok(files.length > 20);
    for (const [file, text] of files)
      for (const secret of SECRETS) assert.ok(!text.includes(secret), `${file} holds ${secret}`);
    for (const secret of SECRETS) assert.ok(!server.log().includes(secret));
  });
}
