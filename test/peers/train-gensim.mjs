#!/usr/bin/env node
// Trains gensim's models for word2vec-equality.test.ts ahead of it: with the lowest priority they take what the suites
// before leave idle. The test trains them itself where they are not there.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pythonOfPeers } from '../../scripts/python-peers.mjs';
import { root, run } from '../../scripts/run-command.mjs';

const { seeds, epochs, architectures } = JSON.parse(
  readFileSync(path.join(root, 'test/peers/equality-settings.json'), 'utf8'),
);
const python = pythonOfPeers();
os.setPriority(os.constants.priority.PRIORITY_LOW);
const folder = path.join(root, 'test-results', 'gensim');
const script = path.join(root, 'test/peers/word2vec_equality.py');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
run(python, [script, 'prepare', path.join(root, 'samples/playlists.parquet'), folder]);
for (const architecture of architectures)
  run(python, [script, 'gensim', folder, architecture, String(epochs), seeds.join(',')]);
writeFileSync(path.join(folder, 'trained.json'), JSON.stringify({ seeds, epochs, architectures }));
