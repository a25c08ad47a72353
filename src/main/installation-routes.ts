import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import { installationRoutes, type Route } from '#gateway/index.ts';
import { freeBytes } from '#platform/index.ts';
import { readAbout } from './about.ts';
import { FIRST_TENANT, type Parts } from './compose.ts';
import { examineRunning } from './doctor.ts';
import { loadSamples, SAMPLES_COLLECTION } from './first-start.ts';
import { INSTALLATION } from './product.ts';

const LOOPBACK = /^(localhost|127\.|::1$|\[::1\]$)/;

/** What of the machine matters to who sets the product up. */
async function readHardware({ config, installation, documents }: Parts) {
  const [processor] = cpus();
  const samples = await documents.findCollection(FIRST_TENANT, SAMPLES_COLLECTION);
  return {
    processor: processor?.model.trim() ?? '',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    freeDiskBytes: freeBytes(installation.folder),
    isSecure: config.tls.mode !== 'off' || config.http.behindProxy,
    isShared: !LOOPBACK.test(config.listen.host),
    hasSamples: samples !== undefined,
  };
}

/** Wires what the product says of its own installation. */
export function ownInstallationRoutes(parts: Parts): Route[] {
  return installationRoutes({
    async examine() {
      const findings = await examineRunning(parts.installation, parts.config);
      return { findings: findings.map((finding) => ({ ...finding, values: { ...finding.values } })) };
    },
    readAbout: () => readAbout(INSTALLATION),
    readHardware: () => readHardware(parts),
    loadSamples: () => loadSamples(parts),
  });
}
