import type { Migration } from '../migrate.ts';
import { base } from './0001-base.ts';
import { jobs } from './0010-jobs.ts';
import { content } from './0011-content.ts';
import { erasure } from './0012-erasure.ts';
import { identity } from './0020-identity.ts';
import { limits } from './0021-limits.ts';
import { accessReview } from './0022-access-review.ts';
import { signInFailures } from './0023-sign-in-failures.ts';
import { tenantWeights } from './0024-tenant-weights.ts';
import { documentHistory } from './0030-document-history.ts';
import { chunkPrefix } from './0031-chunk-prefix.ts';
import { sourceStates } from './0032-source-states.ts';
import { documentPasswords } from './0036-document-passwords.ts';
import { indexSnapshots } from './0045-index-snapshots.ts';
import { chunkEmbeddings } from './0046-chunk-embeddings.ts';
import { synonyms } from './0047-synonyms.ts';
import { models } from './0050-models.ts';
import { modelRoles } from './0051-model-roles.ts';
import { answerLocation } from './0052-answer-location.ts';
import { unloadedModels } from './0053-unloaded-models.ts';
import { conversations } from './0060-conversations.ts';
import { answerNotes } from './0061-answer-notes.ts';
import { lists } from './0062-lists.ts';
import { answerEvidenceIndex } from './0066-answer-evidence-index.ts';

/** Every migration in order. Append only: one that was released is never edited. */
export const MIGRATIONS: readonly Migration[] = [
  base,
  jobs,
  content,
  erasure,
  identity,
  // In order of their numbers, one per line.
  limits,
  accessReview,
  signInFailures,
  tenantWeights,
  documentHistory,
  chunkPrefix,
  sourceStates,
  documentPasswords,
  indexSnapshots,
  chunkEmbeddings,
  synonyms,
  models,
  modelRoles,
  answerLocation,
  unloadedModels,
  conversations,
  answerNotes,
  lists,
  answerEvidenceIndex,
];
