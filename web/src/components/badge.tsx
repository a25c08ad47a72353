/** A word beside a name that says what it is in use for. */
export function Badge({ children }: { children: string }) {
  return (
    <span className="ms-2 inline-block rounded-full bg-accent-soft px-2 py-0.5 text-2xs font-semibold text-accent-ink">
      {children}
    </span>
  );
}
