import { LoaderCircle } from 'lucide-react';
import { cx } from './class-names.ts';

/**
 * Something is going on. The box turns and not what is drawn in it: that is done beside the page's own thread,
 * where turning a drawing would have it painted anew sixty times a second.
 */
export function Spinner({ label, className }: { label?: string; className?: string }) {
  return (
    <span
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
      className={cx('inline-flex shrink-0 animate-turn will-change-transform', className)}
    >
      <LoaderCircle aria-hidden className="size-full" />
    </span>
  );
}
