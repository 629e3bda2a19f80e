#!/usr/bin/env node
// Sends predictions to a server for some seconds, each of another list, and prints what came of it as one line of JSON.
// generate.mjs '{"url", "names": file with a name a line, "seed", "seconds", "connections"}'
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const autocannon = createRequire(new URL('../../test/package.json', import.meta.url))('autocannon');
const { url, names: file, seed, seconds, connections } = JSON.parse(process.argv[2] ?? '{}');
const names = readFileSync(file, 'utf8').trimEnd().split('\n');
const LONGEST = 8;

/** A list by its number: as many as there are sent, none twice. */
function body(number) {
  const length = 1 + (number % LONGEST);
  const items = Array.from({ length }, (_, at) => names[(number * 7919 + at * 104_729) % names.length]);
  return JSON.stringify({ signature_name: 'recommend', instances: [{ items, k: 10, exclude_query: true }] });
}

let sent = seed * 1_000_003;
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  requests: [
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      setupRequest: (request) => ({ ...request, body: body(sent++) }),
    },
  ],
});
const { requests, latency, errors, timeouts, non2xx } = result;
console.log(
  JSON.stringify({
    requests: { average: requests.average, total: requests.total },
    latency: { p50: latency.p50, p99: latency.p99 },
    ...{ errors, timeouts, non2xx },
  }),
);
