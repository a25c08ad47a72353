// Entry point: `./hradlo`.
import { keepCompiledCode } from './compiled-code.ts';
keepCompiledCode();

const { resolve } = await import('node:path');
const { runCli } = await import('#cli/index.ts');
const { offlineCommands } = await import('./offline-commands.ts');
const { installationPaths } = await import('./installation.ts');
const { INSTALLATION } = await import('./product.ts');

// `hradlo … | head` closes the pipe when it has seen enough; that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const args = process.argv.slice(2);
const at = args.indexOf('--data');
const folder = (at >= 0 ? args[at + 1] : undefined) ?? process.env['HRADLO_DATA__FOLDER'] ?? 'data';
const paths = installationPaths(resolve(INSTALLATION, folder));
const print = (text: string) => void process.stdout.write(text);

process.exitCode = await runCli(args, {
  socketPath: paths.socketPath,
  offline: offlineCommands(paths, print),
  absolute: (path) => resolve(path),
  print,
  printError: (text) => process.stderr.write(text),
});
