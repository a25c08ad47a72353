import { isMap, isScalar, parseDocument, type Scalar } from 'yaml';

/** A sidecar as it may be stored, and the password that stood in it. */
export interface WithheldPassword {
  readonly sidecar: Uint8Array;
  readonly password: string | undefined;
}

const KEPT_APART = 'kept-apart';
/** Not YAML, so that it is refused as the sidecar that it stands for would be. */
const UNREADABLE = '"the sidecar is not well formed, and is not kept because a password may stand in it';

/** Takes the password out of a sidecar before the sidecar is stored; everything else stays as it is written. */
export function withholdPassword(bytes: Uint8Array): WithheldPassword {
  const source = new TextDecoder().decode(bytes);
  const asItIs = { sidecar: bytes, password: undefined };
  if (!/password/iu.test(source)) return asItIs;
  const document = parseDocument(source, { schema: 'core' });
  if (document.errors.length > 0) return { ...asItIs, sidecar: new TextEncoder().encode(UNREADABLE) };
  const value = isMap(document.contents) ? document.contents.get('password', true) : undefined;
  return isScalar(value) ? cutOut(source, value) : asItIs;
}

function cutOut(source: string, value: Scalar): WithheldPassword {
  const [start, end] = value.range ?? [source.length, source.length];
  const password = typeof value.value === 'string' ? value.value : (value.source ?? '');
  const tail = source.slice(end);
  // The value of a block ends with its last line break.
  const gap = tail === '' || /^[\s,}]/u.test(tail) ? '' : '\n';
  return {
    sidecar: new TextEncoder().encode(`${source.slice(0, start)}${KEPT_APART}${gap}${tail}`),
    password: password === '' || password === KEPT_APART ? undefined : password,
  };
}
