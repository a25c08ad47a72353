interface ChecksProps {
  readonly legend: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  readonly chosen: readonly string[];
  onChange(chosen: readonly string[]): void;
}

/** Several choices, each on or off. */
export function Checks({ legend, options, chosen, onChange }: ChecksProps) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">{legend}</legend>
      <div className="grid sm:grid-cols-2">
        {options.map(({ id, name }) => (
          <label key={id} className="press flex min-h-9 items-center gap-2.5 rounded-sm px-2 text-sm">
            <input
              type="checkbox"
              className="size-4.5 shrink-0"
              checked={chosen.includes(id)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, id] : chosen.filter((known) => known !== id))
              }
            />
            <span className="min-w-0 [overflow-wrap:anywhere]">{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
