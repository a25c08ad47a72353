import { useId } from 'react';

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly name: string }[];
  readonly className?: string;
  onChoose(value: Value): void;
}

/** One of a few, with its name above. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, value, options, className, onChoose } = props;
  const id = useId();
  return (
    <div className={className}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <select
        id={id}
        value={value}
        className="mt-1.5 block h-11 w-full rounded-md border border-line-strong bg-surface px-3 text-ellipsis"
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen !== undefined) onChoose(chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
    </div>
  );
}
