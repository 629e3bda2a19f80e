/** Shows how a command goes that is one piece of work: to a person as a line, to a program line by line. */
import type { StepEvent } from '../../../protocol/events.ts';
import { printJson } from '../../terminal/terminal.ts';
import { ProgressView } from './progress-view.ts';

export interface JobView {
  event(event: StepEvent): void;
  /** Clears what is unfinished on the screen. */
  close(): void;
}

/** @param name of the work, as its line begins */
export function jobView(name: string, json: boolean): JobView {
  if (json) return { event: (event) => printJson({ t: Date.now(), ...event }), close: () => undefined };
  const progress = new ProgressView();
  progress.event(name, { type: 'state', state: 'running' });
  return { event: (event) => progress.event(name, event), close: () => progress.close() };
}
