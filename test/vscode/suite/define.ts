import Mocha from 'mocha';

export type Define = (root: Mocha.Suite) => void;

/** A suite from a record of promises and their tests. @param timeout milliseconds, where a test takes longer than most */
export function suite(
  title: string,
  tests: Readonly<Record<string, () => void | Promise<void>>>,
  timeout?: number,
): Define {
  return (root) => {
    const group = Mocha.Suite.create(root, title);
    if (timeout !== undefined) group.timeout(timeout);
    for (const [promise, check] of Object.entries(tests)) group.addTest(new Mocha.Test(promise, check));
  };
}
