import type { Migration } from '../migrate.ts';
import { base } from './0001-base.ts';
import { jobs } from './0010-jobs.ts';
import { identity } from './0020-identity.ts';

/** Every migration in order. Append only: one that was released is never edited. */
export const MIGRATIONS: readonly Migration[] = [base, jobs, identity];
