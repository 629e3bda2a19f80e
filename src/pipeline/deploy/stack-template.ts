/** What our templates of CloudFormation are written with. */
export type Value = string | number | boolean | readonly Value[] | { readonly [name: string]: Value };

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, Value>>;
  readonly DependsOn?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}
export type Resources = Readonly<Record<string, Resource>>;

export interface Template {
  readonly AWSTemplateFormatVersion: string;
  readonly Description: string;
  readonly Parameters: Readonly<Record<string, Value>>;
  readonly Resources: Resources;
  readonly Outputs?: Readonly<Record<string, Value>>;
}

export const ref = (Ref: string): Value => ({ Ref });
export const sub = (text: string): Value => ({ 'Fn::Sub': text });
export const arnOf = (resource: string): Value => ({ 'Fn::GetAtt': [resource, 'Arn'] });
export const allowing = (Action: Value, Resource: Value): Value => ({ Effect: 'Allow', Action, Resource });

/** AWS writes names of endpoints in small letters in some ARNs; there is no second one that differs by these alone. */
function servedArns(kind: string, name: string): readonly Value[] {
  const names = [...new Set([name, name.toLowerCase()])];
  return names.map((each) =>
    sub(`arn:\${AWS::Partition}:sagemaker:\${AWS::Region}:\${AWS::AccountId}:${kind}/${each}`),
  );
}

export function endpointArns(endpoint: string): readonly Value[] {
  return servedArns('endpoint', endpoint);
}

/** Of the inference component of an endpoint, which has its name. */
export function componentArns(endpoint: string): readonly Value[] {
  return servedArns('inference-component', endpoint);
}

/** @param service who may take it @param statements what it may do */
export function leastRole(service: string, statements: readonly Value[], trusted: Value = {}): Resource {
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } };
  const condition = Object.keys(trusted).length === 0 ? {} : { Condition: trusted };
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: policy({ ...trust, ...condition }),
      Policies: [{ PolicyName: 'least', PolicyDocument: policy(...statements) }],
    },
  };
}

function policy(...Statement: readonly Value[]): Value {
  return { Version: '2012-10-17', Statement };
}
