/** Reads again and again, ten times a second, until what is read is as it should be. */
export async function until(read, holds, times = 100) {
  for (let i = 0; i < times; i++) {
    const value = await read();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not come to hold: ${JSON.stringify(await read())}`);
}
