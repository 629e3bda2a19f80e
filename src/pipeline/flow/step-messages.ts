/** What passes over the channel between a driver and the processes of its steps. */
import * as z from 'zod/mini';
import { StepEvent } from '../../protocol/events.ts';

/** From a step's process, as things happen. */
export const EventMessage = z.object({ event: StepEvent });

/** To a process that stands by: the command line of its step. */
export const BeginMessage = z.object({ begin: z.array(z.string()) });

/** To a step's process, to stop it: unlike a signal, it is the same on every platform. */
export const StopMessage = z.object({ stop: z.literal(true) });
