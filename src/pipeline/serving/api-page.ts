/** The server's routes as a page for people: no script, and nothing from other hosts. */
import { escapeHtml } from '../../protocol/text/escape.ts';
import type { OpenApiDocument, Operation } from './open-api.ts';
import type { ServedFacts } from './served-query.ts';

export const API_PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.05rem; margin: 2rem 0 0.25rem; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { padding: 0.75rem; overflow-x: auto; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
dt { font-weight: 600; } dd { margin: 0 0 0.5rem 1rem; } .verb { text-transform: uppercase; }`;

interface PageFacts {
  /** Where the server is asked. */
  readonly url: string;
  readonly facts: ServedFacts;
}

export function apiPage(document: OpenApiDocument, { url, facts }: PageFacts): string {
  const { info, paths } = document;
  const routes = Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => section(verb, path, operation)),
  );
  const token = document.security === undefined ? '' : " -H 'Authorization: Bearer …'";
  const [first = ''] = Object.keys(paths);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(info.title)}</title><style>${STYLE}</style></head><body><main>
<h1>${escapeHtml(info.title)}</h1>
<p>${escapeHtml(info.description)}</p>
<p>${escapeHtml(`Kind ${facts.kind}, ${facts.items} items. ${facts.queryStated}`)} ${seen(facts)}</p>
<h2>An example</h2>
<pre>${escapeHtml(`curl${token} ${url}${first} -H 'Content-Type: application/json' -d '{"instances": ["an item"]}'`)}</pre>
<pre>${escapeHtml(`curl${token} ${url}${first} -H 'Content-Type: application/json' -d '{"signature_name": "recommend", "instances": [{"items": ["older", "newer"], "k": 5, "exclude_query": true}]}'`)}</pre>
${routes.join('\n')}
<h2>All of it</h2><p><a href="/openapi.json">openapi.json</a> has the schemas of what is sent and answered.</p>
</main></body></html>`;
}

const seen = ({ excludesQuery }: ServedFacts): string =>
  excludesQuery
    ? 'Items of the query are left out unless told otherwise, as when it was evaluated.'
    : 'Items of the query may come back unless told otherwise, as when it was evaluated.';

function section(verb: string, path: string, { summary, description, responses }: Operation): string {
  const answers = Object.entries(responses).map(
    ([status, { description: meaning }]) => `<dt>${escapeHtml(status)}</dt><dd>${escapeHtml(meaning)}</dd>`,
  );
  return `<section><h2><span class="verb">${escapeHtml(verb)}</span> <code>${escapeHtml(path)}</code></h2>
<p>${escapeHtml(summary)} ${escapeHtml(description ?? '')}</p><dl>${answers.join('')}</dl></section>`;
}
