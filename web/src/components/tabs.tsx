import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { cx } from './class-names.ts';

interface TabsProps<Id extends string> {
  readonly label: string;
  readonly tabs: readonly { readonly id: Id; readonly title: string }[];
  readonly chosen: Id;
  readonly children: ReactNode;
  onChoose(id: Id): void;
}

/** Views of one thing, of which one is shown; arrows move between them. */
export function Tabs<Id extends string>({ label, tabs, chosen, children, onChoose }: TabsProps<Id>) {
  const baseId = useId();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a phone there are more of them than fit.
    list.current
      ?.querySelector('[aria-selected="true"]')
      ?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [chosen]);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    onChoose(next.id);
    document.getElementById(`${baseId}-${next.id}`)?.focus();
  };
  return (
    <>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        // On a phone they take several lines: a part that is beyond the edge is a part that nobody finds. A line
        // below would then belong to none of them, so that each stands for itself.
        className="my-5 flex gap-1 max-sm:flex-wrap sm:overflow-x-auto sm:border-b sm:border-line sm:[scrollbar-width:none]"
        onKeyDown={onKeyDown}
      >
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${baseId}-${tab.id}`}
            aria-selected={tab.id === chosen}
            aria-controls={`${baseId}-panel`}
            tabIndex={tab.id === chosen ? 0 : -1}
            onClick={() => onChoose(tab.id)}
            className={cx(
              'shrink-0 px-3 text-sm font-medium whitespace-nowrap transition-colors',
              'max-sm:min-h-9 max-sm:rounded-full sm:min-h-10 sm:rounded-t-sm sm:border-b-2',
              tab.id === chosen
                ? 'border-accent text-ink max-sm:bg-accent-soft max-sm:text-accent-ink'
                : 'border-transparent text-ink-soft hover:text-ink',
            )}
          >
            {tab.title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${baseId}-panel`} aria-labelledby={`${baseId}-${chosen}`}>
        {children}
      </div>
    </>
  );
}
