/** Ids of endpoints. Here are no schemas, which the window would load as it starts. */

/** Begins the ids of endpoints at SageMaker; after it comes their name. */
const AT_AWS = 'aws:';

export const sageMakerId = (name: string): string => `${AT_AWS}${name}`;

/** The name of an endpoint at SageMaker by its id; undefined for that of a local one. */
export function sageMakerName(id: string): string | undefined {
  return id.startsWith(AT_AWS) ? id.slice(AT_AWS.length) : undefined;
}
