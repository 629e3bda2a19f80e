#!/usr/bin/env node
// Drives the real workbench with mouse and keyboard.
//   node test/vscode/run-ui-tests.mjs [--vsix [file]] [--only words]
// Without --vsix the extension is this folder, linked in as if installed, and every scenario runs; with it, the VSIX
// (built first when no file is named) is installed and the scenarios marked `inPackage` run. Those marked `ofPeers` need
// Python packages: the stage of the peers names them. RECSYS_SLOWER_PAGES=4 gives
// the window a fourth of the processor, as a loaded machine does: what passes on a fast one alone shows itself.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { launchBrowser } from '../vscode-host/browser.mjs';
import { startServer } from '../vscode-host/server.mjs';
import { Workbench } from '../vscode-host/workbench.mjs';
import { newWorkspace, recsys, removeWorkspace, repository, results } from './places.mjs';
import * as appearance from './ui/appearance.mjs';
import * as brokenThings from './ui/broken-things.mjs';
import * as deploy from './ui/deploy.mjs';
import * as endpoint from './ui/endpoint.mjs';
import * as explorer from './ui/explorer.mjs';
import * as hover from './ui/hover.mjs';
import * as firstSteps from './ui/first-steps.mjs';
import * as labels from './ui/labels-and-clean-up.mjs';
import * as map from './ui/map.mjs';
import * as multiRoot from './ui/multi-root.mjs';
import * as reload from './ui/reload-cancel-resume.mjs';
import * as stepByStep from './ui/step-by-step.mjs';
import * as tuning from './ui/tuning.mjs';
import * as untrusted from './ui/untrusted.mjs';

const SCENARIOS = {
  'first-steps': firstSteps,
  reload,
  broken: brokenThings,
  labels,
  'step-by-step': stepByStep,
  'multi-root': multiRoot,
  hover,
  tuning,
  explorer,
  map,
  endpoint,
  deploy,
  untrusted,
  appearance,
};
const total = { passed: 0, failed: 0 };

function optionValue(name) {
  const at = process.argv.indexOf(name);
  const value = at < 0 ? undefined : process.argv[at + 1];
  return value?.startsWith('--') ? undefined : value;
}

function buildVsix() {
  const file = path.join(repository, '.vscode-test', 'recsys.vsix');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const { status } = spawnSync(process.execPath, [path.join(repository, 'scripts/package.mjs'), file], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the VSIX could not be built');
  return file;
}

/** Counts one promise; after a failure the scenario ends, since what follows builds on it. */
function checker(workbench, name) {
  return async (promise, work) => {
    const began = Date.now();
    try {
      await work();
      total.passed++;
      console.log(`  ✔ ${promise} (${Date.now() - began} ms)`);
    } catch (error) {
      await workbench.screenshot(path.join(results, `failed-${name}.png`)).catch(() => undefined);
      throw new Error(`${promise}: ${error.message}`, { cause: error });
    }
  };
}

/** Runs that a failed scenario left behind. */
function cancelRuns(folder) {
  try {
    for (const run of JSON.parse(recsys(folder, 'runs', '--json')).runs)
      if (run.state === 'running') recsys(folder, 'cancel', run.id);
  } catch {
    // No store, or one broken on purpose: then nothing runs.
  }
}

/** Endpoints that a failed scenario left behind. */
function stopEndpoints(folder) {
  const serving = path.join(folder, '.recsys/serving');
  const records = fs.existsSync(serving) ? fs.readdirSync(serving) : [];
  for (const name of records.filter((file) => file.endsWith('.json')))
    try {
      process.kill(JSON.parse(fs.readFileSync(path.join(serving, name), 'utf8')).pid);
    } catch {
      // It ended meanwhile.
    }
}

async function runScenario(name, scenario, mode, browser) {
  console.log(`\n${scenario.title}`);
  const folder = newWorkspace(name, { rows: scenario.rows === true });
  scenario.prepare(folder);
  const beside = await scenario.beside?.(folder);
  const server = await startServer({
    ...mode,
    link: [...(mode.link ?? []), ...(scenario.extensions?.(folder) ?? [])],
    trust: scenario.trust === true,
    settings: scenario.settings ?? {},
    env: beside?.env ?? {},
  });
  try {
    const workspace = scenario.workspace && path.join(folder, scenario.workspace);
    const workbench = await Workbench.open(browser, server.port, { folder, workspace });
    await workbench.container('RecSys').waitFor({ timeout: 60_000 });
    const shot = (which) => workbench.screenshot(path.join(results, `${name}-${which}.png`));
    await scenario.run({
      workbench,
      folder,
      shot,
      check: checker(workbench, name),
      changeSettings: server.changeSettings,
      server,
    });
    if (workbench.outsideHosts.size > 0)
      throw new Error(`the page asked other hosts: ${[...workbench.outsideHosts].join(' ')}`);
    await workbench.page.context().close();
  } catch (error) {
    total.failed++;
    console.log(`  ✘ ${error.message}`);
  } finally {
    cancelRuns(folder);
    stopEndpoints(folder);
    server.stop();
    beside?.stop();
    removeWorkspace(folder);
  }
}

const packaged = process.argv.includes('--vsix');
const only = optionValue('--only');
const mode = packaged ? { vsix: [optionValue('--vsix') ?? buildVsix()] } : { link: [repository] };
fs.mkdirSync(results, { recursive: true });
const browser = await launchBrowser();
for (const [name, scenario] of Object.entries(SCENARIOS)) {
  const isMeant = packaged ? scenario.inPackage === true : scenario.ofPeers !== true;
  if (only === undefined ? isMeant : only === name)
    await runScenario(packaged ? `vsix-${name}` : name, scenario, mode, browser);
}
await browser.close();
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
