/** How SageMaker tells that an endpoint has scaled to zero: it starts an instance then, for later requests. */
export const NO_CAPACITY = /no capacity to process/i;
