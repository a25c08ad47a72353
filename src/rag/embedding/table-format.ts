import { ANALYZER_VERSION } from '../analysis/analyze.ts';

/** A table of vectors: one row of `dimensions` values for each feature, as int8 times the row's scale. */
export interface VectorTable {
  readonly features: readonly string[];
  readonly dimensions: number;
  readonly scales: Float32Array;
  readonly values: Int8Array;
}

// Layout, little-endian: magic (8 bytes), length of the header (uint32), header (JSON), features (UTF-8, one a line),
// padding to 4, scales (float32), values (int8).
const MAGIC = 'HRDLTAB1';
const ALIGNMENT = 4;

interface Header {
  readonly analyzer: string;
  readonly dimensions: number;
  readonly features: number;
  readonly featureBytes: number;
}

const paddingTo = (length: number): number => (ALIGNMENT - (length % ALIGNMENT)) % ALIGNMENT;

/** The bytes of a table. Equal tables have equal bytes. */
export function encodeTable(table: VectorTable): Uint8Array {
  const encoder = new TextEncoder();
  const features = encoder.encode(table.features.join('\n'));
  const header: Header = {
    analyzer: ANALYZER_VERSION,
    dimensions: table.dimensions,
    features: table.features.length,
    featureBytes: features.length,
  };
  const headerBytes = encoder.encode(JSON.stringify(header));
  const before = MAGIC.length + 4 + headerBytes.length + features.length;
  const scalesAt = before + paddingTo(before);
  const valuesAt = scalesAt + table.scales.length * 4;
  const bytes = new Uint8Array(valuesAt + table.values.length);
  const view = new DataView(bytes.buffer);
  bytes.set(encoder.encode(MAGIC));
  view.setUint32(MAGIC.length, headerBytes.length, true);
  bytes.set(headerBytes, MAGIC.length + 4);
  bytes.set(features, MAGIC.length + 4 + headerBytes.length);
  for (const [index, scale] of table.scales.entries()) view.setFloat32(scalesAt + index * 4, scale, true);
  bytes.set(new Uint8Array(table.values.buffer, table.values.byteOffset, table.values.length), valuesAt);
  return bytes;
}

function parseHeader(text: string): Header {
  const value: unknown = JSON.parse(text);
  const numberOf = (name: string): number => {
    const found: unknown = value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined;
    if (typeof found !== 'number' || !Number.isSafeInteger(found) || found < 0)
      throw new TypeError(`no ${name}`);
    return found;
  };
  const analyzer: unknown =
    value !== null && typeof value === 'object' ? Reflect.get(value, 'analyzer') : undefined;
  if (typeof analyzer !== 'string') throw new TypeError('no analyzer');
  return {
    analyzer,
    dimensions: numberOf('dimensions'),
    features: numberOf('features'),
    featureBytes: numberOf('featureBytes'),
  };
}

/**
 * Reads a table.
 * @throws {TypeError} when the bytes are no table, are cut off, or were made with another analyser.
 */
export function decodeTable(bytes: Uint8Array): VectorTable {
  const decoder = new TextDecoder();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (decoder.decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) throw new TypeError('not a vector table');
  const headerAt = MAGIC.length + 4;
  const featuresAt = headerAt + view.getUint32(MAGIC.length, true);
  const header = parseHeader(decoder.decode(bytes.subarray(headerAt, featuresAt)));
  if (header.analyzer !== ANALYZER_VERSION) {
    throw new TypeError(`the table was made with analyser ${header.analyzer}, not ${ANALYZER_VERSION}`);
  }
  const before = featuresAt + header.featureBytes;
  const scalesAt = before + paddingTo(before);
  const valuesAt = scalesAt + header.features * 4;
  if (bytes.length !== valuesAt + header.features * header.dimensions)
    throw new TypeError('the table is cut off');
  const scales = new Float32Array(header.features);
  for (let index = 0; index < scales.length; index++)
    scales[index] = view.getFloat32(scalesAt + index * 4, true);
  return {
    features: decoder.decode(bytes.subarray(featuresAt, before)).split('\n'),
    dimensions: header.dimensions,
    scales,
    values: new Int8Array(bytes.buffer, bytes.byteOffset + valuesAt, header.features * header.dimensions),
  };
}
