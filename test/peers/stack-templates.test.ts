/** The templates of the REST front, the clock and the inference component, as AWS's own linter sees them. Needs an interpreter with cfn-lint in RECSYS_PYTHON. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { FrontAccess } from '../../src/protocol/deployment.ts';
import { clockTemplate } from '../../src/pipeline/deploy/clock-template.ts';
import { componentTemplate } from '../../src/pipeline/deploy/component-template.ts';
import { frontTemplate } from '../../src/pipeline/deploy/front-template.ts';
import { knownRegions } from '../../src/pipeline/deploy/images.ts';
import { temporaryFolder } from '../unit/support/toy-store.ts';

const folder = temporaryFolder();
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const RUN = 'import sys; from cfnlint.runner import main; sys.exit(main())';

/** All that cfn-lint says, remarks too, each with its rule. */
function said(template: object, regions: readonly string[]): string[] {
  const file = path.join(folder, 'template.json');
  fs.writeFileSync(file, JSON.stringify(template));
  const python = process.env['RECSYS_PYTHON'] ?? 'python3';
  const words = ['--format', 'json', '--include-checks', 'I', '--template', file];
  const { stdout, stderr } = spawnSync(python, ['-c', RUN, ...words, '--regions', ...regions], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as { Rule: { Id: string }; Message: string }[];
  return found.map(({ Rule, Message }) => `${Rule.Id} ${Message}`);
}

/** In which cfn-lint knows what there is; some of the newest it does not know yet. */
const REGIONS = ['us-east-1', 'eu-central-1', 'ap-southeast-2', 'sa-east-1', 'us-gov-west-1', 'cn-north-1'];

it.each(FrontAccess.options)(
  'for %s: cfn-lint has nothing to say, in regions of all partitions',
  (access) => {
    expect(knownRegions()).toEqual(expect.arrayContaining(REGIONS));
    expect(said(frontTemplate('Shop-1', access), REGIONS)).toEqual([]);
  },
);

it('of the clock: cfn-lint has nothing to say either', () => {
  expect(said(clockTemplate('Shop-1'), REGIONS)).toEqual([]);
  const { Resources, ...rest } = clockTemplate('shop');
  const { Clock, ...others } = Resources;
  const properties = { ...Clock?.Properties, ActionAfterCompletion: 'DELETE' };
  const broken = { ...rest, Resources: { ...others, Clock: { ...Clock, Properties: properties } } };
  expect(said(broken, ['us-east-1']).join('\n')).toMatch(/'ActionAfterCompletion' was unexpected/);
});

it('of an endpoint that scales to zero: cfn-lint has nothing to say in regions that have inference components', () => {
  const has = REGIONS.filter((region) => !/^(cn|us-gov)-/.test(region));
  expect(said(componentTemplate('Shop-1'), has)).toEqual([]);
  expect(said(clockTemplate('Shop-1', true), has)).toEqual([]);
  for (const access of FrontAccess.options)
    expect(said(frontTemplate('Shop-1', access, true), has)).toEqual([]);
  const elsewhere = REGIONS.filter((region) => !has.includes(region));
  for (const region of elsewhere)
    expect(said(componentTemplate('Shop-1'), [region]).join()).toContain(
      'AWS::SageMaker::InferenceComponent',
    );
});

it('cfn-lint would say it', () => {
  const { Resources, ...rest } = frontTemplate('shop', 'iam');
  const { Stage, Predict, ...others } = Resources;
  const coloured = { ...Stage, Properties: { ...Stage?.Properties, Colour: 'red' } };
  const old = { ...Predict, Properties: { ...Predict?.Properties, Runtime: 'nodejs12.x' } };
  const broken = { ...rest, Resources: { ...others, Stage: coloured, Predict: old } };
  const found = said(broken, ['us-east-1']).join('\n');
  expect(found).toMatch(/'Colour' was unexpected/);
  expect(found).toMatch(/nodejs12\.x/);
});
