/** Why a file is not let near native code. Stable names: people look them up, tests compare them. */
export const GGUF_FAULTS = [
  'file.not_gguf',
  'file.version',
  'file.truncated',
  'file.unreadable',
  'header.too_large',
  'key.count',
  'key.name',
  'key.duplicate',
  'key.missing',
  'value.type',
  'value.range',
  'string.length',
  'array.length',
  'array.nested',
  'vocabulary.inconsistent',
  'vocabulary.byte_token',
  'tensor.count',
  'tensor.name',
  'tensor.duplicate',
  'tensor.shape',
  'tensor.type',
  'tensor.offset',
  'tensor.outside_file',
  'model.kind',
  'model.split',
] as const;
export type GgufFaultCode = (typeof GGUF_FAULTS)[number];

/** Ends the reading of a file; the preflight turns it into a verdict. Never leaves this folder. */
export class GgufFault extends Error {
  readonly code: GgufFaultCode;

  constructor(code: GgufFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}
