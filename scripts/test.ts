// npm test: the unit, architecture and end-to-end tests in one run, so that the last lines are the runner's own summary.
import { spawnSync } from 'node:child_process';
import { nodeTest, root, useOwnTemporaryFolder } from './steps.ts';

useOwnTemporaryFolder();
const [node = process.execPath, ...args] = nodeTest(
  `${root}src/**/*.test.ts`,
  `${root}web/src/**/*.test.ts`,
  `${root}test/*.test.ts`,
  `${root}test/{e2e,browser}/**/*.test.ts`,
  `${root}test/clients/*.test.ts`,
  ...process.argv.slice(2),
);
process.exitCode = spawnSync(node, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
