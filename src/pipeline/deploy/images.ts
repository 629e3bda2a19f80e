/** Containers of TensorFlow Serving, by region: a table of the SageMaker Python SDK (scripts/tensorflow-images.mjs). */
import * as z from 'zod/mini';
import { EXIT, UserError } from '../../protocol/user-error.ts';
import table from './tensorflow-images.json' with { type: 'json' };

const Images = z.object({
  source: z.string(),
  date: z.string(),
  repository: z.string(),
  tag: z.string(),
  /** Account of the registry in each region. */
  registries: z.record(z.string(), z.string()),
});
export const images = Images.parse(table);

/** Regions that the table has, by name. */
export function knownRegions(): string[] {
  return Object.keys(images.registries).sort();
}

/** Regions of the same partition, which the same credentials are of. */
export function regionsBeside(region: string): string[] {
  const partition = (name: string): string => /^(cn|us-gov)-/.exec(name)?.[1] ?? '';
  return knownRegions().filter((name) => partition(name) === partition(region));
}

/** @throws UserError for a region that has none */
export function imageFor(region: string): string {
  const account = images.registries[region];
  if (account === undefined)
    throw new UserError(
      `No container of TensorFlow Serving is known in region '${region}' (table of ${images.source}, ${images.date}).`,
      `Check the name of the region (--region); these are known: ${knownRegions().join(', ')}. Or name a container with --image.`,
      { exitCode: EXIT.usage, inWindow: 'Choose a profile that has another region.' },
    );
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  return `${account}.dkr.ecr.${region}.${suffix}/${images.repository}:${images.tag}`;
}
