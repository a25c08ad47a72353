import { spawnSync } from 'node:child_process';
import mammoth from 'mammoth';
import { parseOffice } from 'officeparser';

/** The text of a file as an independent reader gives it; undefined for a type that none of them reads. */
export async function plainWords(file: string, bytes: Uint8Array): Promise<string | undefined> {
  try {
    if (/\.pdf$/iu.test(file)) {
      const { stdout, status } = spawnSync('pdftotext', ['-q', file, '-'], {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      });
      return status === 0 ? stdout : undefined;
    }
    if (/\.docx$/iu.test(file)) return (await mammoth.extractRawText({ buffer: Buffer.from(bytes) })).value;
    if (/\.(?:xlsx|pptx|odt|ods|odp)$/iu.test(file))
      return (await (await parseOffice(Buffer.from(bytes))).to('text')).value;
    if (/\.(?:md|txt|csv)$/iu.test(file)) {
      const text = Buffer.from(bytes).toString('utf8');
      return text.replace(/\]\([^)]*\)|<[^>]*>|https?:\S+/gu, ' ');
    }
  } catch {
    // A reader that fails has nothing to compare with.
  }
  return undefined;
}
