import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { noBrowser } from '../support/browser.ts';
import { informative, judged, type Proof } from './proof.ts';

const FILES = ['journeys', 'pages'].map((name) =>
  fileURLToPath(new URL(`../browser/${name}.test.ts`, import.meta.url)),
);

interface Ran {
  readonly passed: number;
  readonly failed: number;
  /** Names of those that did not arrive, and what they said. */
  readonly faults: readonly string[];
}

/** Runs the journeys, one file after another, and returns what the runner counted. */
async function runJourneys(): Promise<Ran> {
  const child = spawn(process.execPath, ['--test', '--test-concurrency=1', '--test-reporter=tap', ...FILES], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (part: Buffer) => {
    output += part.toString();
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  child.once('close', () => resolve());
  await promise;
  const count = (name: string) =>
    Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? Number.NaN);
  const faults = output.matchAll(/^ *not ok \d+ - ([\s\S]*?)^ *\.\.\.$/gm);
  return {
    passed: count('pass'),
    // Also those that were never begun, because their set-up failed.
    failed: count('tests') - count('pass') - count('skipped'),
    faults: Array.from(faults, ([, text = '']) => text),
  };
}

export const proof: Proof = {
  promise:
    'From the first question to rights, by mouse and by keyboard, without an error or an outside request.',
  async run({ isQuick }) {
    if (noBrowser) return { figures: [informative('not run', noBrowser)] };
    const first = await runJourneys();
    // A browser on a starved machine runs out of time: the quick form looks again, and says so.
    const isAgain = isQuick && first.failed > 0;
    const { passed, failed, faults } = isAgain ? await runJourneys() : first;
    return {
      figures: [
        informative('journeys that arrive', passed),
        judged('journeys that do not', failed, '0', failed === 0 && passed > 0),
        ...(isAgain ? [informative('of a first try, those that did not', first.faults.join('; '))] : []),
        ...faults.map((text) => informative('did not arrive', text)),
      ],
    };
  },
};
