import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface FormDialogProps {
  readonly title: string;
  /** What the button says; the title where it is not given. */
  readonly action?: string;
  /** The change is under way, or what was filled in does not make sense yet. */
  readonly isDisabled: boolean;
  readonly children: ReactNode;
  onSubmit(): void;
  onClose(): void;
}

/** A dialog that asks for a few things and does one. */
export function FormDialog({
  title,
  action = title,
  isDisabled,
  children,
  onSubmit,
  onClose,
}: FormDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="space-y-5 px-6 pb-6"
        onSubmit={(event) => {
          event.preventDefault();
          // Enter in a field must not send twice what the button would not.
          if (!isDisabled) onSubmit();
        }}
      >
        {children}
        <Button look="primary" type="submit" className="h-11 w-full" disabled={isDisabled}>
          {action}
        </Button>
      </form>
    </Dialog>
  );
}
