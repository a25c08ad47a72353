const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const NAMES: Readonly<Record<string, string>> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Alt: isMac ? '⌥' : 'Alt',
  Shift: '⇧',
  Enter: '↵',
  Up: '↑',
  Down: '↓',
};

/** A key combination, written for this machine: `Mod+K`. */
export function Keys({ of: combination }: { of: string }) {
  return (
    <span className="inline-flex gap-1">
      {combination.split('+').map((key) => (
        <kbd
          key={key}
          className="inline-flex h-6 min-w-6 items-center justify-center rounded-sm border border-line bg-sunken px-1.5 font-sans text-2xs text-ink-soft"
        >
          {NAMES[key] ?? key}
        </kbd>
      ))}
    </span>
  );
}
