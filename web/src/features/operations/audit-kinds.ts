import type { TextKey, Translate } from '../../i18n/index.ts';

/** The kinds of events by what they are about, as the filter lists them. */
export const EVENT_GROUPS = [
  {
    title: 'event.group.answer',
    kinds: [
      'answer.begun',
      'answer.recorded',
      'answer.rated',
      'answer.corrected',
      'answer.escalated',
      'answer.note_settled',
      'conversation.deleted',
      'conversation.restored',
    ],
  },
  {
    title: 'event.group.document',
    kinds: [
      'document.accepted',
      'document.indexed',
      'document.retried',
      'document.removed',
      'document.erased',
      'version.withdrawn',
      'source.created',
      'source.changed',
      'collection.created',
      'index.snapshot_taken',
      'synonyms.set',
    ],
  },
  {
    title: 'event.group.rights',
    kinds: [
      'grant.added',
      'grant.removed',
      'owner.added',
      'owner.removed',
      'access.overridden',
      'access.restored',
      'access.explained',
      'access.review_read',
      'access.reviewed',
      'text.glass_broken',
    ],
  },
  {
    title: 'event.group.people',
    kinds: [
      'person.invited',
      'person.created',
      'person.changed',
      'service.created',
      'subject.erased',
      'group.created',
      'group.removed',
      'session.started',
      'session.ended',
      'session.refused',
      'passphrase.changed',
      'totp.enabled',
      'totp.removed',
      'totp.reset',
      'passkey.added',
      'passkey.removed',
      'key.created',
      'key.revoked',
      'key.refused',
    ],
  },
  {
    title: 'event.group.operation',
    kinds: [
      'limit.set',
      'limit.removed',
      'price.set',
      'model.requested',
      'model.added',
      'model.chosen',
      'model.unloaded',
      'model.loaded',
      'model.removed',
      'alias.changed',
      'engine.added',
      'engine.removed',
      'job.cancelled',
      'job.paused',
      'job.resumed',
      'job.retried',
      'job.poisoned',
      'backup.copied',
      'backup.verified',
      'installation.set_up',
      'installation.restored',
      'tenant.created',
      'tenant.weighed',
    ],
  },
] as const satisfies readonly { readonly title: TextKey; readonly kinds: readonly string[] }[];

const KNOWN = EVENT_GROUPS.flatMap(({ kinds }) => [...kinds]);

/** An event's kind in words; a kind of a newer server as it is. */
export function sayKind(kind: string, t: Translate): string {
  const known = KNOWN.find((candidate) => candidate === kind);
  return known === undefined ? kind : t(`event.${known}`);
}
