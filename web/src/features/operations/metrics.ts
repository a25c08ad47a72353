/** One line of Prometheus' text form. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads Prometheus' text form; comments and lines that are none are left out. */
export function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (line.startsWith('#') || name === undefined || value === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map((match): [string, string] => [
      match[1] ?? '',
      match[2] ?? '',
    ]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

type Wanted = Readonly<Record<string, string | RegExp>>;

function matches(sample: Sample, wanted: Wanted): boolean {
  return Object.entries(wanted).every(([label, value]) => {
    const has = sample.labels[label] ?? '';
    return typeof value === 'string' ? has === value : value.test(has);
  });
}

/** The sum of a metric's samples with these labels; 0 when there are none. */
export function sumOf(samples: readonly Sample[], name: string, labels: Wanted = {}): number {
  return samples
    .filter((sample) => sample.name === name && matches(sample, labels))
    .reduce((sum, sample) => sum + sample.value, 0);
}

/** Cumulative counts by upper limit, summed over series, ascending. */
function bucketsOf(samples: readonly Sample[], name: string, labels: Wanted): [number, number][] {
  const buckets = new Map<number, number>();
  for (const sample of samples) {
    if (sample.name !== `${name}_bucket` || !matches(sample, labels)) continue;
    const limit = sample.labels['le'] === '+Inf' ? Infinity : Number(sample.labels['le']);
    buckets.set(limit, (buckets.get(limit) ?? 0) + sample.value);
  }
  return [...buckets].toSorted(([a], [b]) => a - b);
}

/**
 * The median of a histogram, in its unit, interpolated within its bucket as Prometheus does; beyond the last
 * finite limit it is that limit. Undefined when nothing was measured.
 */
export function medianOf(samples: readonly Sample[], name: string, labels: Wanted): number | undefined {
  const buckets = bucketsOf(samples, name, labels);
  const half = (buckets.at(-1)?.[1] ?? 0) / 2;
  if (half === 0) return undefined;
  const at = buckets.findIndex(([, count]) => count >= half);
  const [limit, count] = buckets[at] ?? [0, 0];
  const [low, below] = buckets[at - 1] ?? [0, 0];
  return limit === Infinity ? low : low + (limit - low) * ((half - below) / (count - below));
}

/** Steps of the pipelines: how often each ran and its mean duration in milliseconds. */
export function stepsOf(samples: readonly Sample[]): { step: string; runs: number; meanMs: number }[] {
  const name = 'hradlo_step_duration_seconds';
  const steps = new Set(
    samples.filter((sample) => sample.name === `${name}_count`).map((s) => s.labels['step'] ?? ''),
  );
  return [...steps].map((step) => {
    const runs = sumOf(samples, `${name}_count`, { step });
    return { step, runs, meanMs: runs === 0 ? 0 : (1000 * sumOf(samples, `${name}_sum`, { step })) / runs };
  });
}
