#!/usr/bin/env node
// Writes src/pipeline/deploy/lambda-code.json: the functions of the REST front at AWS, each as one file that a template can
// hold. Their sources are in src/pipeline/deploy/aws/lambda. A unit test says when to run it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { root } from './run-command.mjs';

const FUNCTIONS = ['predict', 'authorise'];
/** What CloudFormation takes as code within a template. */
const MOST_CHARACTERS = 4096;

/** The code of each function, by its name. */
export async function lambdaCode() {
  const codes = await Promise.all(FUNCTIONS.map(async (name) => [name, await codeOf(name)]));
  return Object.fromEntries(codes);
}

async function codeOf(name) {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [`src/pipeline/deploy/aws/lambda/${name}.ts`],
    ...{ bundle: true, write: false, logLevel: 'error', legalComments: 'none' },
    // AWS has Node with its SDK there, and takes what a template holds as CommonJS. Names stay, for whoever reads it there.
    ...{ platform: 'node', target: 'node22', format: 'cjs', external: ['@aws-sdk/*'] },
    ...{ minifySyntax: true, minifyWhitespace: true, lineLimit: 120 },
  });
  const [{ text }] = outputFiles;
  if (text.length > MOST_CHARACTERS)
    throw new Error(
      `The function ${name} has ${text.length} characters; a template takes ${MOST_CHARACTERS}.`,
    );
  return text;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(
    path.join(root, 'src/pipeline/deploy/lambda-code.json'),
    `${JSON.stringify(await lambdaCode(), null, 2)}\n`,
  );
