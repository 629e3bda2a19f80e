/** Adds to the number in a file, one by one, as other processes do at the same time. */
import * as fs from 'node:fs';
import { withFileLock } from '../../../src/pipeline/store/file-lock.ts';

const [, , file = '', times = ''] = process.argv;
for (let time = 0; time < Number(times); time++)
  await withFileLock(file, () => fs.writeFileSync(file, String(Number(fs.readFileSync(file, 'utf8')) + 1)));
process.exit(0);
