import type { EndpointFigures } from '../../protocol/endpoint.ts';

/** Routes that predict. */
const PREDICTS = 'predict|invocations|front';
const WAIT_MS = 1000;

/** What a server tells of itself; undefined where it does not, as where it needs a token. */
export async function serverFigures(url: string, signal: AbortSignal): Promise<EndpointFigures | undefined> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(WAIT_MS)]);
    const response = await fetch(`${url}/metrics`, { signal: limit });
    return response.ok ? figuresOf(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}

/** @param text in the format of Prometheus, as `metrics.ts` writes it */
export function figuresOf(text: string): EndpointFigures {
  const counted = valuesOf(text, `recsys_requests_total\\{route="(?:${PREDICTS})",status="(\\d+)"\\}`);
  const sum = (some: readonly { value: number }[]): number => some.reduce((all, { value }) => all + value, 0);
  const percentile = (share: string): number | undefined => {
    const found = valuesOf(
      text,
      `recsys_request_latency_seconds\\{quantile="(${share})",route="(?:${PREDICTS})"\\}`,
    );
    // The slowest route stands for all.
    return found.length === 0 ? undefined : 1000 * Math.max(...found.map(({ value }) => value));
  };
  const [p50, p95] = [percentile('0\\.5'), percentile('0\\.95')];
  return {
    requests: sum(counted),
    errors: sum(counted.filter(({ label }) => !label.startsWith('2'))),
    ...(p50 === undefined ? {} : { p50 }),
    ...(p95 === undefined ? {} : { p95 }),
  };
}

function valuesOf(text: string, series: string): { label: string; value: number }[] {
  return [...text.matchAll(new RegExp(`^${series} ([-+.eE\\d]+)$`, 'gm'))]
    .map(([, label = '', value]) => ({ label, value: Number(value) }))
    .filter(({ value }) => Number.isFinite(value));
}
