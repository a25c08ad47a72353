import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './class-names.ts';

const LOOKS = {
  primary: 'bg-accent text-on-accent enabled:hover:bg-accent-hover shadow-low',
  plain: 'bg-surface border border-line-strong/70 press',
  ghost: 'text-ink-soft enabled:hover:text-ink press',
  danger: 'bg-danger text-canvas enabled:hover:opacity-90',
} as const;

type ButtonProps = ComponentProps<'button'> & {
  readonly look?: keyof typeof LOOKS;
  readonly icon?: LucideIcon;
};

/** A button with words. */
export function Button({ look = 'plain', icon: Icon, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={cx(
        'inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3.5 text-sm font-medium transition-colors',
        'disabled:opacity-45',
        LOOKS[look],
        className,
      )}
    >
      {Icon && <Icon aria-hidden className="size-4 shrink-0" />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'children'> & {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly isSmall?: boolean;
};

/** A button that is only a picture; `label` is its name, also shown on hover. */
export function IconButton({ label, icon: Icon, isSmall = false, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        'press inline-flex shrink-0 items-center justify-center rounded-md text-ink-soft transition-colors',
        'enabled:hover:text-ink disabled:opacity-40',
        isSmall ? 'size-7' : 'size-9',
        className,
      )}
    >
      <Icon aria-hidden className={isSmall ? 'size-4' : 'size-[1.125rem]'} />
    </button>
  );
}
