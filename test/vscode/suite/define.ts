import Mocha from 'mocha';

export type Define = (root: Mocha.Suite) => void;

/** A suite from a record of promises and their tests. */
export function suite(title: string, tests: Readonly<Record<string, () => void | Promise<void>>>): Define {
  return (root) => {
    const group = Mocha.Suite.create(root, title);
    for (const [promise, check] of Object.entries(tests)) group.addTest(new Mocha.Test(promise, check));
  };
}
