/** Words of commands of the AWS command line that a person may want to type. */

/** Asks an endpoint; the answer comes into `answer.json`. */
export function invokeWords(
  {
    name,
    region,
    profile,
    component,
  }: {
    readonly name: string;
    readonly region: string;
    readonly profile?: string | undefined;
    readonly component?: string | undefined;
  },
  body: string,
): string[] {
  return [
    ...['aws', 'sagemaker-runtime', 'invoke-endpoint', '--endpoint-name', name, '--region', region],
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...(component === undefined ? [] : ['--inference-component-name', component]),
    ...['--content-type', 'application/json', '--cli-binary-format', 'raw-in-base64-out', '--body', body],
    'answer.json',
  ];
}

/** Signs in with a browser. */
export function signInWords(profile: string | undefined): string[] {
  return ['aws', 'sso', 'login', ...(profile === undefined ? [] : ['--profile', profile])];
}
