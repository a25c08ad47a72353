import { useState } from 'react';
import { z } from 'zod';
import { sendJson } from '../../api/client.ts';
import { Field } from '../../components/field.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { fold } from '../ask/conversation.ts';
import { useChange } from '../people/use-change.ts';

const Made = z.looseObject({ id: z.string() });

/** A name for programs, out of the title: `Směrnice 2026` becomes `smernice-2026`. */
function toName(title: string): string {
  return fold(title)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63);
}

/** Makes a collection; nobody reads it until somebody is given access. */
export function NewCollection({ onClose, onMade }: { onClose(): void; onMade(id: string): void }) {
  const t = useTranslation();
  const [title, setTitle] = useState('');
  const create = useChange(
    async () => {
      const body = { title, name: toName(title) };
      const { id } = await sendJson(Made, '/admin/v1/collections', { method: 'POST', body });
      onMade(id);
    },
    { keys: ['collections'], said: t('documents.collectionMade') },
  );
  return (
    <FormDialog
      title={t('documents.newCollection')}
      isDisabled={create.isPending || toName(title) === ''}
      onSubmit={() => create.mutate(undefined)}
      onClose={onClose}
    >
      <Field
        autoFocus
        required
        maxLength={200}
        label={t('documents.collectionTitle')}
        hint={t('documents.collectionHint')}
        value={title}
        onChange={(event) => setTitle(event.target.value)}
      />
    </FormDialog>
  );
}
