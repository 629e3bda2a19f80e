import type { RunManifest } from '../../protocol/run.ts';
import { shellLine, type Shell } from '../../protocol/text/shell-words.ts';
import { wordsWith } from '../flow/command-words.ts';
import type { FlowDefinition } from '../flow/flow-definition.ts';
import { givenOf } from '../flow/given-of.ts';
import { flowOf } from '../flows/registry.ts';

/** What starts the flow up to the run's last step: `prepare` for a run that stops there. */
function startOf(flow: FlowDefinition, { until }: RunManifest): string {
  const [first] = flow.commands;
  return first?.until === until ? first.name : flow.start.name;
}

/** The words after `recsys` that make a run again: the data, their spec, and every parameter that was given. */
export function wordsOf(manifest: RunManifest): string[] {
  const flow = flowOf(manifest.flow);
  return wordsWith(startOf(flow, manifest), manifest, givenOf(manifest, flow));
}

/** The command that makes a run again; where a shell cannot write it, one that takes all from that run. */
export function commandOf(manifest: RunManifest, shell: Shell): string {
  const short = ['recsys', startOf(flowOf(manifest.flow), manifest), '--like', manifest.id];
  return shellLine(['recsys', ...wordsOf(manifest)], shell) ?? short.join(' ');
}
