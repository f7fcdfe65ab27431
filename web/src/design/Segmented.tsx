type Props<Choice extends string> = {
  readonly label: string;
  readonly choices: readonly { readonly value: Choice; readonly name: string }[];
  /** null while none of them is chosen. */
  readonly value: Choice | null;
  readonly onChange: (value: Choice) => void;
};

export function Segmented<Choice extends string>({ label, choices, value, onChange }: Props<Choice>) {
  return (
    <fieldset className="segmented" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.name}
        </button>
      ))}
    </fieldset>
  );
}
