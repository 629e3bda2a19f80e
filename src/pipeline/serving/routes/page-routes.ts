/** What describes the server: its OpenAPI document, a page for people, and its metrics. */
import type { FastifyInstance } from 'fastify';
import { apiPage, API_PAGE_POLICY } from '../api-page.ts';
import type { ServerOptions } from '../server-options.ts';
import { openApiDocument } from '../open-api.ts';

export function addPageRoutes(server: FastifyInstance, options: ServerOptions): void {
  const { name, maxK, token, slot, metrics } = options;
  const described = { name, maxK, hasToken: token !== undefined };
  server.get('/openapi.json', { config: { label: 'page' } }, () => openApiDocument(described));
  server.get('/docs', { config: { label: 'page' } }, (request, reply) => {
    const host = request.headers.host ?? 'localhost';
    reply
      .header('Content-Security-Policy', API_PAGE_POLICY)
      .header('X-Content-Type-Options', 'nosniff')
      .type('text/html; charset=utf-8')
      .send(apiPage(openApiDocument(described), { url: `http://${host}`, facts: slot.current.model.facts }));
  });
  server.get('/metrics', { config: { label: 'metrics' } }, async (_request, reply) => {
    reply.type(metrics.contentType);
    return metrics.text();
  });
}
