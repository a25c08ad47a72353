// Entry point: `./hradlo`.
import { enableCompileCache } from 'node:module';
enableCompileCache();

const { join, resolve } = await import('node:path');
const { runCli } = await import('#cli/index.ts');
const { INSTALLATION } = await import('./product.ts');

const args = process.argv.slice(2);
const at = args.indexOf('--data');
const folder = (at >= 0 ? args[at + 1] : undefined) ?? process.env['HRADLO_DATA__FOLDER'] ?? 'data';

process.exitCode = await runCli(args, {
  socketPath: join(resolve(INSTALLATION, folder), 'hradlo.sock'),
  print: (text) => process.stdout.write(text),
  printError: (text) => process.stderr.write(text),
});
