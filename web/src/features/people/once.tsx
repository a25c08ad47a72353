import { Copy } from 'lucide-react';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { showToast } from '../../components/toast.tsx';
import { useTranslation } from '../../i18n/index.ts';

/** A secret that is shown only now, ready to be copied. */
export function Once({ label, hint, text }: { label: string; hint: string; text: string }) {
  const t = useTranslation();
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => showToast(t('people.copied')),
      () => showToast(t('ask.copyFailed')),
    );
  };
  return (
    <div className="space-y-3">
      <Field
        readOnly
        label={label}
        hint={hint}
        value={text}
        spellCheck={false}
        onFocus={(event) => event.target.select()}
      />
      <Button icon={Copy} onClick={copy}>
        {t('people.copy')}
      </Button>
    </div>
  );
}
