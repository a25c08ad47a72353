import { useState, type FormEvent } from 'react';
import { DoneResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { Choice } from '../../components/choice.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { useChange } from '../people/use-change.ts';

// Their own names: they are said the same in every language.
const KINDS = {
  'openai-compatible': 'OpenAI API',
  'llama-server': 'llama-server',
  vllm: 'vLLM',
  tgi: 'TGI',
  ollama: 'Ollama',
  'lm-studio': 'LM Studio',
} as const;
type Kind = keyof typeof KINDS;
const ALL: readonly Kind[] = ['openai-compatible', 'llama-server', 'vllm', 'tgi', 'ollama', 'lm-studio'];

/** Joins an engine that runs elsewhere, with one of its models. */
export function AddEngine({ onClose }: { onClose(): void }) {
  const t = useTranslation();
  const [kind, setKind] = useState<Kind>('openai-compatible');
  const [name, setName] = useState('');
  const [url, setUrl] = useState('');
  const [model, setModel] = useState('');
  const add = useChange(
    () => sendJson(DoneResponse, '/admin/v1/engines', { method: 'POST', body: { name, kind, url, model } }),
    { keys: ['admin-models', 'models'], said: t('engines.added'), onDone: onClose },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(undefined);
  };
  return (
    <Dialog title={t('engines.add')} onClose={onClose}>
      <form onSubmit={submit} className="space-y-5 px-6 pb-6">
        <Choice<Kind>
          label={t('engines.kind')}
          value={kind}
          options={ALL.map((value) => ({ value, name: KINDS[value] }))}
          onChoose={setKind}
        />
        <Field
          required
          type="url"
          label={t('engines.url')}
          hint={t('engines.urlHint')}
          spellCheck={false}
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
        <Field
          required
          label={t('engines.model')}
          hint={t('engines.modelHint')}
          spellCheck={false}
          value={model}
          onChange={(event) => setModel(event.target.value)}
        />
        <Field
          required
          label={t('models.name')}
          hint={t('models.nameHint')}
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button look="primary" type="submit" className="h-11 w-full" disabled={add.isPending}>
          {t('engines.add')}
        </Button>
      </form>
    </Dialog>
  );
}
