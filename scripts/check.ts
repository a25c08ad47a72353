// npm run check: everything that must hold before a push, within a minute.
// npm run check:all adds the running product: end to end, real clients, a real browser, quick proofs.
import { bin, nodeTest, root, runSteps, useOwnTemporaryFolder } from './steps.ts';

const QUICK = [
  { name: 'format', command: [bin('oxfmt'), '--check', '.'] },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings', '.'] },
  { name: 'types', command: [bin('tsc'), '-p', '.'] },
  { name: 'types of the page', command: [bin('tsc'), '-p', 'web'] },
  { name: 'dead code', command: [bin('knip')] },
  { name: 'architecture and documents', command: nodeTest('--test-reporter=dot', `${root}test/*.test.ts`) },
  {
    name: 'unit tests',
    command: nodeTest(
      '--test-isolation=none',
      '--test-reporter=dot',
      `${root}src/**/*.test.ts`,
      `${root}web/src/**/*.test.ts`,
    ),
  },
];

const ALL = [
  {
    name: 'end to end, real clients, browser',
    command: nodeTest(
      '--test-concurrency=1',
      `${root}test/{e2e,browser}/**/*.test.ts`,
      `${root}test/clients/*.test.ts`,
    ),
  },
  { name: 'quick proofs', command: [process.execPath, `${root}scripts/prove.ts`, '--quick', 'all'] },
];

useOwnTemporaryFolder();
process.exitCode = runSteps(process.argv.includes('--all') ? [...QUICK, ...ALL] : QUICK);
