import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from '../i18n/index.ts';
import { Button, IconButton } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface RemoveButtonProps {
  /** What will be done to what: the button's name, and the question that is asked. */
  readonly label: string;
  /** What is lost. */
  readonly hint: string;
  /** One word for it. */
  readonly action: string;
  readonly isBusy: boolean;
  onRemove(): void;
}

/** Takes away for good what cannot be brought back: after it was said what is lost. */
export function RemoveButton({ label, hint, action, isBusy, onRemove }: RemoveButtonProps) {
  const t = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const close = () => setIsAsking(false);
  return (
    <>
      <IconButton icon={Trash2} label={label} disabled={isBusy} onClick={() => setIsAsking(true)} />
      {isAsking && (
        <Dialog title={label} onClose={close}>
          <div className="px-6 pb-6">
            <p className="text-ink-soft">{hint}</p>
            <div className="mt-6 flex flex-wrap justify-end gap-2">
              <Button autoFocus onClick={close}>
                {t('app.cancel')}
              </Button>
              <Button
                look="danger"
                onClick={() => {
                  close();
                  onRemove();
                }}
              >
                {action}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}
