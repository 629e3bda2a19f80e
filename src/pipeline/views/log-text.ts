import { plainLines, plainText } from '../../protocol/text/plain.ts';
import type { LogEvent, LogOutput, LogPart } from './run-log.ts';

/** What a log says of an event; undefined for progress on the way. */
export function wordsOfEvent({ step, event }: LogEvent): string | undefined {
  switch (event.type) {
    case 'state':
      return `${step} ${event.state}${event.message === undefined ? '' : `: ${event.message}`}`;
    case 'log':
      return `${step} ${event.level}: ${event.message}`;
    case 'loss':
      return `${step} epoch ${event.epoch.toFixed(2)} loss ${event.loss.toFixed(4)} learning rate ${event.alpha.toFixed(5)}`;
    case 'progress':
      return event.total > 0 && event.done >= event.total
        ? `${step} ${event.stage}: ${event.done} ${event.unit}`
        : undefined;
  }
}

/** Marks what is not to catch the eye. */
type Dim = (text: string) => string;

function linesOfOutput({ step, text, first }: LogOutput, dim: Dim): string[] {
  const lines = plainLines(text.trimEnd());
  return first ? [dim(`— output of ${step}`), lines] : [lines];
}

/** A part of a log as people read it, a line ending after each line; empty where it says nothing. */
export function logText({ events, outputs }: LogPart, dim: Dim = (text) => text): string {
  const lines = events.flatMap((line) => {
    const words = wordsOfEvent(line);
    return words === undefined ? [] : [`${dim(new Date(line.event.t).toISOString())} ${plainText(words)}`];
  });
  return [...lines, ...outputs.flatMap((output) => linesOfOutput(output, dim))]
    .map((line) => `${line}\n`)
    .join('');
}
