import {
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import { cx } from './class-names.ts';
import { usePlacement, type Side } from './placement.ts';

interface TriggerProps {
  readonly ref: RefObject<HTMLButtonElement | null>;
  readonly 'aria-expanded': boolean;
  readonly 'aria-haspopup': 'menu' | 'dialog';
  readonly 'aria-controls': string;
  onClick(): void;
}

interface PopoverProps {
  readonly label: string;
  readonly role: 'menu' | 'dialog';
  readonly side?: Side;
  readonly className?: string;
  readonly trigger: (props: TriggerProps) => ReactNode;
  readonly children: (close: () => void) => ReactNode;
}

const ITEMS = '[role^="menuitem"]:not([disabled]), input, button:not([disabled])';

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(ITEMS)];
  const at = items.findIndex((item) => item === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || items.length === 0) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}

/** A button that opens a menu or a small panel beside it. Arrows move, Escape and a click outside close. */
export function Popover({ label, role, side = 'below', className, trigger, children }: PopoverProps) {
  const id = useId();
  const anchor = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  usePlacement(anchor, panel, isOpen, side);
  useEffect(() => {
    if (isOpen) panel.current?.querySelector<HTMLElement>(ITEMS)?.focus();
  }, [isOpen]);
  const close = () => {
    panel.current?.hidePopover();
    anchor.current?.focus();
  };
  return (
    <>
      {trigger({
        ref: anchor,
        'aria-expanded': isOpen,
        'aria-haspopup': role,
        'aria-controls': id,
        onClick: () => panel.current?.togglePopover(),
      })}
      <div
        ref={panel}
        id={id}
        popover="auto"
        role={role}
        aria-label={label}
        onToggle={(event) => setIsOpen(event.newState === 'open')}
        onKeyDown={moveFocus}
        className={cx(
          'fixed max-w-[calc(100vw-1rem)] rounded-lg bg-raised p-1.5 shadow-float open:animate-appear',
          className,
        )}
      >
        {isOpen && children(close)}
      </div>
    </>
  );
}
