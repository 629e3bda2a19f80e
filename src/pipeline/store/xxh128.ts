/** The hash function of contents, in a file of its own so that it is loaded only by what hashes. */
export { createXXHash128 } from 'hash-wasm';
