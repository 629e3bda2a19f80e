/**
 * Does work on several parts at once, and gives what comes of them in the order of the parts.
 * @param most parts that are begun and not given yet, which bounds what is held of them
 */
export async function* inOrder<Part, Done>(
  parts: AsyncIterable<Part>,
  most: number,
  work: (part: Part) => Promise<Done>,
): AsyncGenerator<Done, void, void> {
  const begun: Promise<Done>[] = [];
  for await (const part of parts) {
    const done = work(part);
    // It may fail while others are waited for; whoever awaits it hears of that.
    done.catch(() => undefined);
    begun.push(done);
    const [first] = begun;
    if (begun.length < most || first === undefined) continue;
    yield await first;
    void begun.shift();
  }
  for (const done of begun) yield await done;
}
