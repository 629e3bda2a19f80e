/**
 * Waits for the work of this thread and of others that do the rest of it.
 * @throws what fails first: whoever waits for a thread that died would wait for ever
 */
export async function besideThreads<Done>(others: Promise<Done>, here: Promise<void>): Promise<Done> {
  const died = others.then(() => new Promise<never>(() => undefined));
  died.catch(() => undefined);
  await Promise.race([here, died]);
  return others;
}
