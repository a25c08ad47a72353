import { Check, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

const ITEM =
  'press flex min-h-9 w-full items-center gap-2.5 rounded-sm px-2.5 text-start text-sm focus-visible:-outline-offset-2';

interface MenuItemProps {
  readonly icon?: LucideIcon;
  readonly isDangerous?: boolean;
  readonly children: ReactNode;
  onSelect(): void;
}

/** An action of a menu. */
export function MenuItem({ icon: Icon, isDangerous = false, children, onSelect }: MenuItemProps) {
  return (
    <button
      type="button"
      role="menuitem"
      className={cx(ITEM, isDangerous && 'text-danger')}
      onClick={onSelect}
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0" />}
      <span className="min-w-0 flex-1">{children}</span>
    </button>
  );
}

interface ChoiceProps {
  readonly isChosen: boolean;
  readonly hint?: ReactNode;
  readonly children: ReactNode;
  onSelect(): void;
}

/** One of several choices of a menu, of which one holds. */
export function MenuChoice({ isChosen, hint, children, onSelect }: ChoiceProps) {
  return (
    <button type="button" role="menuitemradio" aria-checked={isChosen} className={ITEM} onClick={onSelect}>
      <span className="min-w-0 flex-1 py-1.5">
        <span className="block">{children}</span>
        {hint !== undefined && <span className="mt-0.5 block text-xs text-ink-faint">{hint}</span>}
      </span>
      <Check aria-hidden className={cx('size-4 shrink-0 text-accent', !isChosen && 'invisible')} />
    </button>
  );
}

/** A heading inside a menu. */
export function MenuTitle({ children }: { children: ReactNode }) {
  return <div className="px-2.5 pt-2 pb-1 text-2xs font-semibold text-ink-faint">{children}</div>;
}
