import { UseModelResponse, type ModelResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { useTranslation } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';

/** What a model may be chosen for. */
export type Role = 'answer' | 'embedding' | 'reranking';

/** The role that a model was made for. */
export function roleOf({ purpose }: ModelResponse): Role {
  return purpose === 'embedding' || purpose === 'reranking' ? purpose : 'answer';
}

/** Whether others do its work, although it may have been chosen for it. */
export function isAway({ state }: ModelResponse): boolean {
  return state === 'unloading' || state === 'unloaded' || state === 'refused';
}

/** The choice of a model for its role; of none: quoting, the built-in vectors, no second look. */
export function useChoice(role: Role) {
  const t = useTranslation();
  return useChange(
    (name: string | undefined) =>
      sendJson(UseModelResponse, '/admin/v1/answer-model', {
        method: 'PUT',
        body: { name: name ?? null, role },
      }),
    { keys: ['admin-models', 'models'], said: t(`models.chosen.${role}`) },
  );
}
