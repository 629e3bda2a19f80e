/** The only variant of an endpoint. */
export const VARIANT = 'AllTraffic';
