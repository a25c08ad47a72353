import { ChainReader, Checkpointer, CheckpointSigner, EventFinder } from '#audit/index.ts';
import { encodeExportLine, EXPORT_HEADER, hasPermission, type TenantId } from '#core/index.ts';
import { appendDurably, openForReading } from '#platform/index.ts';
import type { AuditDeps } from '#gateway/index.ts';
import { ChainCheck } from './chain-check.ts';
import type { Parts } from './compose.ts';

const INTERVAL_MS = 60_000;
const LINES_PER_PART = 500;

/** The audit side of the running product. */
export interface Auditing extends AuditDeps {
  countEvents(): number;
  writeCheckpoint(): Promise<void>;
}

/**
 * Signs checkpoints now and then, and at the end: into a file of the data folder, to the second place that is
 * configured, and to standard output if that is wished.
 */
export function startAuditing(parts: Parts, stack: AsyncDisposableStack): Auditing {
  const { installation, config, clock, logger } = parts;
  const reader = openForReading(installation.databasePath);
  stack.defer(() => reader.close());
  const finder = new EventFinder(reader);
  const check = stack.use(new ChainCheck(installation.folder));
  const signer = new CheckpointSigner(installation.chainId, installation.signingKey);
  const { checkpointFile } = config.audit;
  const second = checkpointFile === '' ? installation.outerCheckpointPath : checkpointFile;
  const sinks = [(note: string) => appendDurably(installation.checkpointPath, `${note}\n`)];
  // Beside the data folder we may have no right to write; a place that was named must take it.
  sinks.push((note) =>
    appendDurably(second, `${note}\n`).catch((error: unknown) => {
      if (checkpointFile !== '') throw error;
      logger.warn({ error }, 'audit.no_second_place');
    }),
  );
  if (config.audit.checkpointStdout) sinks.push(async (note) => void process.stdout.write(`${note}\n`));
  const checkpointer = new Checkpointer({
    chainId: installation.chainId,
    reader: new ChainReader(reader),
    signer,
    clock,
    sinks,
  });
  const writeCheckpoint = () =>
    checkpointer.write().catch((error: unknown) => logger.error({ error }, 'audit.checkpoint_not_written'));
  void writeCheckpoint();
  const timer = setInterval(() => void writeCheckpoint(), INTERVAL_MS);
  timer.unref();
  stack.defer(async () => {
    clearInterval(timer);
    await writeCheckpoint();
  });
  return {
    verifierKey: signer.verifierKey,
    writeCheckpoint,
    countEvents: () => new ChainReader(reader).head(installation.chainId)?.sequence ?? 0,
    findEvents: ({ tenantId }, filter, page) => finder.find(tenantId, filter, page),
    verify: () => check.run(),
    // Of other tenants' events only that they are there, unless one runs the installation.
    exportChains: (principal) => {
      const only = hasPermission(principal, 'tenants.manage') ? undefined : principal.tenantId;
      return exportChains(installation.databasePath, only);
    },
  };
}

async function* exportChains(path: string, only: TenantId | undefined): AsyncGenerator<string> {
  const database = openForReading(path);
  try {
    let lines = [EXPORT_HEADER];
    for (const row of new ChainReader(database).list()) {
      const isForeign = only !== undefined && row.columns?.tenantId !== only;
      if (lines.push(encodeExportLine(isForeign ? { ...row, isWithheld: true } : row)) < LINES_PER_PART)
        continue;
      yield `${lines.join('\n')}\n`;
      lines = [];
    }
    if (lines.length > 0) yield `${lines.join('\n')}\n`;
  } finally {
    database.close();
  }
}
