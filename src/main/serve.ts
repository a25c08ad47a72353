// Entry point: `npm start`. Reads the configuration, starts, prints the address, stops on a signal.
import { keepCompiledCode } from './compiled-code.ts';
keepCompiledCode();

const [{ readConfig, ConfigError }, { startServer }, { ListenError }, { FolderInUseError }] =
  await Promise.all([
    import('./config.ts'),
    import('./start.ts'),
    import('./listen.ts'),
    import('#platform/index.ts'),
  ]);

const LONGEST_STOP_MS = 35_000;

/** A fault that the person can mend is said in words; a bug keeps its stack. */
function say(error: unknown): void {
  const isPlain = [ConfigError, ListenError, FolderInUseError].some((kind) => error instanceof kind);
  process.stderr.write(
    `\n${isPlain && error instanceof Error ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
}

try {
  const server = await startServer(readConfig(process.argv.slice(2), process.env));
  process.stderr.write(
    `\nHradlo is ready: ${server.url}\nAsk in the terminal: ./hradlo ask "Jaká je výpovědní lhůta?"\n`,
  );
  if (server.fingerprint !== undefined)
    process.stderr.write(`Its certificate was made here. SHA-256 fingerprint: ${server.fingerprint}\n`);
  if (server.setUpUrl !== undefined)
    process.stderr.write(
      `Until somebody has an account, this machine alone is served. Make the administrator: ${server.setUpUrl}\n`,
    );
  let isStopping = false;
  const stop = async () => {
    // A second signal means now.
    if (isStopping) process.exit(130);
    isStopping = true;
    // Whatever hangs: a server that was told to stop is gone in time.
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref();
    await server[Symbol.asyncDispose]();
    process.exit(0);
  };
  process.on('SIGHUP', () => {
    const fingerprint = server.reloadCertificate();
    if (fingerprint !== undefined) process.stderr.write(`The certificate served now: ${fingerprint}\n`);
  });
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
} catch (error) {
  say(error);
  process.exitCode = 1;
}
