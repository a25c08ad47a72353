import { Ban, Check } from 'lucide-react';
import { cx } from '../../components/class-names.ts';
import { useTranslation } from '../../i18n/index.ts';

interface DecisionRowProps {
  readonly name: string;
  readonly note?: string | undefined;
  readonly isAllowed: boolean;
  readonly reasons: readonly string[];
}

/** A decision and its reasons: in words and with a sign, never by colour alone. */
export function DecisionRow({ name, note, isAllowed, reasons }: DecisionRowProps) {
  const t = useTranslation();
  const Icon = isAllowed ? Check : Ban;
  return (
    <li className="flex items-start gap-3 border-b border-line py-2.5">
      <Icon
        role="img"
        aria-label={t(isAllowed ? 'rights.reads' : 'rights.readsNot')}
        className={cx('mt-0.5 size-4.5 shrink-0', isAllowed ? 'text-accent' : 'text-danger')}
      />
      <span className="min-w-0 flex-1">
        <span className="block text-sm font-medium [overflow-wrap:anywhere]">
          {name}
          {note !== undefined && <span className="font-normal text-ink-soft"> · {note}</span>}
        </span>
        <span className="block text-xs text-ink-soft">{reasons.join(' · ')}</span>
      </span>
    </li>
  );
}
