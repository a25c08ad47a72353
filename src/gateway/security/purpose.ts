import type { IncomingMessage } from 'node:http';
import { AppError, PURPOSE, type Principal } from '#core/index.ts';

const PURPOSE_HEADER = 'x-hradlo-purpose';

/** The purpose that a request states, percent-encoded where it is not ASCII. @throws {AppError} input.invalid */
export function statedPurpose({ headers }: IncomingMessage): Pick<Principal, 'purpose'> {
  const given = headers[PURPOSE_HEADER];
  if (given === undefined) return {};
  const purpose = decodePercent(String(given));
  if (purpose !== undefined && PURPOSE.test(purpose)) return { purpose };
  throw new AppError('input.invalid', `"${PURPOSE_HEADER}" is a label of letters, digits and . _ -.`, {
    details: { param: PURPOSE_HEADER },
  });
}

function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
