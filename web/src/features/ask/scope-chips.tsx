import { useQuery } from '@tanstack/react-query';
import { CalendarDays, ChevronDown, Library, Sparkles, type LucideIcon } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { collectionsQuery } from '../../api/documents.ts';
import { modelsQuery } from '../../api/models.ts';
import { Button } from '../../components/button.tsx';
import { cx } from '../../components/class-names.ts';
import { MenuChoice } from '../../components/menu.tsx';
import { Popover } from '../../components/popover.tsx';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { EVERYTHING, type Scope } from './conversation.ts';

interface ScopeProps {
  readonly scope: Scope;
  onChange(scope: Scope): void;
}

interface ChipProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly isSet: boolean;
  readonly role: 'menu' | 'dialog';
  readonly text: string;
  readonly children: (close: () => void) => ReactNode;
}

function Chip({ icon: Icon, label, isSet, role, text, children }: ChipProps) {
  return (
    <Popover
      label={label}
      role={role}
      side="above"
      className="w-76"
      trigger={(props) => (
        <button
          type="button"
          {...props}
          aria-label={`${label}: ${text}`}
          className={cx(
            'press inline-flex h-8 min-w-0 items-center gap-1.5 rounded-full px-2.5 text-xs font-medium transition-colors',
            isSet ? 'bg-accent-soft text-accent-ink' : 'text-ink-soft',
          )}
        >
          <Icon aria-hidden className="size-4 shrink-0" />
          <span className="truncate">{text}</span>
          {/* On a phone all of them fit into one line. */}
          <ChevronDown aria-hidden className="size-3.5 shrink-0 opacity-70 max-sm:hidden" />
        </button>
      )}
    >
      {children}
    </Popover>
  );
}

function CollectionsChip({ scope, onChange }: ScopeProps) {
  const t = useTranslation();
  const { data: collections = [] } = useQuery(collectionsQuery);
  const chosen = collections.filter((collection) => scope.collections.includes(collection.name));
  const text =
    chosen.length === 0
      ? t('ask.everywhere')
      : chosen.length === 1
        ? (chosen[0]?.title ?? '')
        : t('ask.collections', { count: chosen.length });
  const toggle = (name: string) => {
    const isChosen = scope.collections.includes(name);
    const next = isChosen
      ? scope.collections.filter((known) => known !== name)
      : [...scope.collections, name];
    onChange({ ...scope, collections: next });
  };
  return (
    <Chip icon={Library} label={t('ask.where')} isSet={chosen.length > 0} role="dialog" text={text}>
      {() => (
        <fieldset className="max-h-80 overflow-y-auto">
          <legend className="px-2.5 pt-2 pb-1 text-2xs font-semibold text-ink-faint">{t('ask.where')}</legend>
          {collections.length === 0 && <p className="px-2.5 pb-2 text-sm">{t('ask.noCollections')}</p>}
          {collections.map((collection) => (
            <label
              key={collection.id}
              className="press flex min-h-9 items-center gap-3 rounded-sm px-2.5 text-sm"
            >
              <input
                type="checkbox"
                className="size-4.5 shrink-0"
                checked={scope.collections.includes(collection.name)}
                onChange={() => toggle(collection.name)}
              />
              <span className="min-w-0 [overflow-wrap:anywhere]">{collection.title}</span>
            </label>
          ))}
        </fieldset>
      )}
    </Chip>
  );
}

function DateChip({ scope, onChange }: ScopeProps) {
  const t = useTranslation();
  const language = useLanguage();
  const inputId = useId();
  const text =
    scope.asOf === undefined
      ? t('ask.asOfNow')
      : t('ask.asOfDate', { date: formatDate(scope.asOf, language) });
  return (
    <Chip
      icon={CalendarDays}
      label={t('ask.asOf')}
      isSet={scope.asOf !== undefined}
      role="dialog"
      text={text}
    >
      {(close) => (
        <div className="p-2.5">
          <label htmlFor={inputId} className="text-sm font-semibold">
            {t('ask.asOfLabel')}
          </label>
          <input
            id={inputId}
            type="date"
            value={scope.asOf ?? ''}
            className="mt-2 h-10 w-full rounded-md border border-line-strong bg-surface px-3 text-sm"
            onChange={(event) =>
              onChange({ ...scope, asOf: event.target.value === '' ? undefined : event.target.value })
            }
          />
          <p className="mt-2 text-xs text-ink-soft">{t('ask.asOfHint')}</p>
          {scope.asOf !== undefined && (
            <Button
              className="mt-3 w-full"
              onClick={() => {
                onChange({ ...scope, asOf: undefined });
                close();
              }}
            >
              {t('ask.asOfClear')}
            </Button>
          )}
        </div>
      )}
    </Chip>
  );
}

function ModelChip({ scope, onChange }: ScopeProps) {
  const t = useTranslation();
  const { data: models = [EVERYTHING.model] } = useQuery(modelsQuery);
  const nameOf = (model: string) => (model === EVERYTHING.model ? t('ask.modelDocuments') : model);
  // On a narrow screen only a choice that there is takes up room.
  return (
    <span className={cx('contents', models.length < 2 && 'max-sm:hidden')}>
      <Chip
        icon={Sparkles}
        label={t('ask.model')}
        isSet={scope.model !== EVERYTHING.model}
        role="menu"
        text={nameOf(scope.model)}
      >
        {(close) =>
          models.map((model) => (
            <MenuChoice
              key={model}
              isChosen={model === scope.model}
              hint={t(model === EVERYTHING.model ? 'ask.modelDocumentsHint' : 'ask.modelPlainHint')}
              onSelect={() => {
                onChange({ ...scope, model });
                close();
              }}
            >
              {nameOf(model)}
            </MenuChoice>
          ))
        }
      </Chip>
    </span>
  );
}

/** Who answers, where to look, and as of which day. */
export function ScopeChips(props: ScopeProps) {
  return (
    <div className="flex min-w-0 flex-1 flex-wrap gap-0.5">
      <ModelChip {...props} />
      <CollectionsChip {...props} />
      <DateChip {...props} />
    </div>
  );
}
