/** Shows how a deployment goes, and what will be made. */
import type { Capacity, DeployEvent } from '../../../protocol/deployment.ts';
import type { HourlyPrice } from '../../../protocol/costs.ts';
import type { DeployPlan } from '../../deploy/aws/deploy-plan.ts';
import { formatBytes, formatDollars, formatPercent } from '../../../protocol/text/format.ts';
import { graphText, graphWarnings } from '../../../protocol/text/graph-words.ts';
import { plainText } from '../../terminal/format.ts';
import { paintError, printJson } from '../../terminal/terminal.ts';

export interface DeployView {
  readonly event: (event: DeployEvent) => void;
  /** Ends a line that is being written over. */
  readonly close: () => void;
}

export function deployView(json: boolean): DeployView {
  if (json) return { event: printJson, close: () => undefined };
  const rewrites = process.stderr.isTTY;
  let isOpen = false;
  const close = (): void => {
    if (isOpen) process.stderr.write('\n');
    isOpen = false;
  };
  const line = (text: string, stays: boolean): void => {
    if (!rewrites) {
      if (stays) process.stderr.write(`${text}\n`);
      return;
    }
    process.stderr.write(`\r\u001b[K${text}${stays ? '\n' : ''}`);
    isOpen = !stays;
  };
  return { event: (event) => line(lineOf(event), staysOf(event)), close };
}

function staysOf(event: DeployEvent): boolean {
  return event.type !== 'step' || event.state === 'done' || event.state === 'failed';
}

const MARKS = { waiting: ' ', running: '…', done: '✓', failed: '✗' } as const;

function lineOf(event: DeployEvent): string {
  if (event.type === 'deployed') return `✓ ${event.endpoint}`;
  if (event.type === 'log') {
    const text = plainText(event.message);
    return event.level === 'warning' ? paintError.yellow(`! ${text}`) : text;
  }
  const { name, state, message, done, total } = event;
  const share =
    state === 'running' && done !== undefined && total !== undefined && total > 0
      ? `${formatPercent(done / total)} of ${formatBytes(total)}`
      : undefined;
  const told = [share, message === undefined ? undefined : plainText(message)].filter(Boolean).join(' · ');
  return `${MARKS[state]} ${name}${told === '' ? '' : paintError.dim(` ${told}`)}`;
}

const ASLEEP =
  'idle they all go and nothing is paid, and the first request after that fails until one is up, which takes some minutes';

export function capacityText(capacity: Capacity): string {
  if (capacity.type === 'serverless')
    return `serverless, ${capacity.memory} MB, ${capacity.concurrency} requests at once; idle it costs nothing`;
  if (capacity.type === 'toZero')
    return `0 to ${capacity.most} × ${capacity.instance}, paid by the hour while there are any; ${ASLEEP}`;
  const most = capacity.most > capacity.count ? ` to ${capacity.most}` : '';
  return `${capacity.count}${most} × ${capacity.instance}, paid by the hour`;
}

/** What instances cost. */
export function hourText(price: HourlyPrice, count = 1): string {
  if (price.type === 'known')
    return `${formatDollars(count * price.usd)} an hour (AWS's price of ${price.asked.slice(0, 10)})`;
  return price.type === 'unknown' ? `is unknown: ${price.why}` : 'is unknown';
}

const FRONTS = {
  iam: 'GET /predict, for callers who sign their requests and are allowed by IAM; paid by request',
  token: 'GET /predict, for whoever has its token; paid by request',
} as const;

/** What will be made, where, and as whom. */
export function planLines(plan: DeployPlan): string[] {
  const { region, endpoint, source, capacity, price, archive } = plan;
  const { bucket, image, role, expires, clock, front } = plan;
  const lines = namedLines([
    ['account', accountText(plan)],
    ['region', region],
    ['endpoint', endpoint],
    ['model', modelText(source)],
    ['graph', graphText(archive.graph)],
    ['on', capacityText(capacity)],
    ...(price === undefined ? [] : [['price', `of one instance ${hourText(price)}`] as const]),
    ['bucket', bucket],
    ['container', image],
    ['role', role],
    ...(front === undefined ? [] : [['REST', FRONTS[front.access]] as const]),
    ['stays', expires === undefined ? 'until it is taken away' : `until ${stayText({ expires, clock })}`],
  ]);
  return [...lines, ...graphWarnings(archive.graph).map((text) => paintError.yellow(`! ${text}`))];
}

/** Who keeps a time at which an endpoint is to be taken away. */
export function stayText({ expires, clock }: { readonly expires: string; readonly clock: boolean }): string {
  return clock
    ? `${expires}: a clock at AWS takes it away then`
    : `${expires}: nothing at AWS takes it away then, the next recsys deploy or recsys endpoint sweep does`;
}

export function accountText({ caller, profile }: Pick<DeployPlan, 'caller' | 'profile'>): string {
  return `${caller.account} as ${caller.arn}${profile === undefined ? '' : ` (profile ${profile})`}`;
}

export function modelText(source: DeployPlan['source']): string {
  const training =
    source.everything === true
      ? ', trained on everything: it was not measured itself'
      : ', as it was evaluated';
  return `${source.model} of ${source.run ?? source.package ?? ''}${training}`;
}

export function namedLines(rows: readonly (readonly [string, string])[]): string[] {
  return rows.map(([name, text]) => `${paintError.dim(name.padEnd(10))} ${plainText(text)}`);
}
