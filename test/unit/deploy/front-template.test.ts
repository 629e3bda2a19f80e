/** The rules that the template of a REST front keeps; that AWS can read it is in `peers`. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { frontTemplate } from '../../../src/pipeline/deploy/front-template.ts';
import { isTokenHash, newToken } from '../../../src/protocol/front-token.ts';
import { FrontAccess } from '../../../src/protocol/deployment.ts';

const ofType = (access: FrontAccess, type: string): unknown[] =>
  Object.values(frontTemplate('Shop', access).Resources).flatMap(({ Type, Properties }) =>
    Type === type ? [Properties] : [],
  );

describe.each(FrontAccess.options)('the front for %s', (access) => {
  it('has no route that is open, and none for pages of other origins', () => {
    const routes = ofType(access, 'AWS::ApiGatewayV2::Route');
    expect(routes).toHaveLength(1);
    expect(routes).toMatchObject([
      { RouteKey: 'GET /predict', AuthorizationType: { iam: 'AWS_IAM', token: 'CUSTOM' }[access] },
    ]);
    expect(JSON.stringify(frontTemplate('Shop', access))).not.toContain('Cors');
  });

  it('lets its functions ask one endpoint and write their own logs', () => {
    const policies = ofType(access, 'AWS::IAM::Role') as {
      Policies: { PolicyDocument: { Statement: { Action: string | string[]; Resource: unknown }[] } }[];
    }[];
    expect(policies).toHaveLength(access === 'iam' ? 1 : 2);
    const statements = policies.flatMap(({ Policies }) =>
      Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
    );
    const asked = statements.filter(({ Action }) => Action === 'sagemaker:InvokeEndpoint');
    const arn = 'arn:${AWS::Partition}:sagemaker:${AWS::Region}:${AWS::AccountId}:endpoint';
    expect(asked).toHaveLength(1);
    expect(asked[0]?.Resource).toEqual([{ 'Fn::Sub': `${arn}/Shop` }, { 'Fn::Sub': `${arn}/shop` }]);
    for (const { Action, Resource } of statements.filter((one) => !asked.includes(one))) {
      expect(Action).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
      expect(Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/Log$/), 'Arn'] });
    }
  });

  it('keeps logs for a time, without what was asked, and holds back who asks too much', () => {
    for (const group of ofType(access, 'AWS::Logs::LogGroup')) expect(group).toEqual({ RetentionInDays: 30 });
    const [stage] = ofType(access, 'AWS::ApiGatewayV2::Stage') as { AccessLogSettings: { Format: string } }[];
    expect(stage).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 },
    });
    expect(stage?.AccessLogSettings.Format).not.toMatch(/query|path|authoriz|header/i);
  });

  it('fits into what CloudFormation takes as text', () => {
    const text = JSON.stringify(frontTemplate('x'.repeat(63), access));
    expect(Buffer.byteLength(text)).toBeLessThan(51_200);
  });
});

it('a token is asked for by its hash, which nobody is shown', () => {
  const { TokenHash } = frontTemplate('shop', 'token').Parameters;
  expect(TokenHash).toMatchObject({ NoEcho: true });
  expect(TokenHash).not.toHaveProperty('Default');
  expect(frontTemplate('shop', 'iam').Parameters).not.toHaveProperty('TokenHash');
});

it('tokens are of 256 bits, fit a header, and are each another', async () => {
  const tokens = await Promise.all(Array.from({ length: 50 }, newToken));
  for (const { token, hash } of tokens) {
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(isTokenHash(hash)).toBe(true);
    expect(hash).toBe(createHash('sha256').update(token).digest('hex'));
  }
  expect(new Set(tokens.map(({ token }) => token)).size).toBe(50);
});
