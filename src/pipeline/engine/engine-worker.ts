/** A worker of the query engine, as a thread or as a process. */
import { loadHandlers, serveWorker } from './serve-worker.ts';

serveWorker(loadHandlers);
