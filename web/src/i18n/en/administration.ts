import { account } from './account.ts';
import { limits } from './limits.ts';
import { models } from './models.ts';
import { operations } from './operations.ts';
import { people } from './people.ts';
import { record } from './record.ts';
import { rights } from './rights.ts';
import { start } from './start.ts';
import { synonyms } from './synonyms.ts';

/** The texts of administration, as its pages bring them. */
export const texts = {
  ...people,
  ...account,
  ...rights,
  ...limits,
  ...models,
  ...operations,
  ...synonyms,
  ...record,
  ...start,
} as const;
