import { Field } from "./Field";

type Props = {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min?: number;
  readonly max?: number | undefined;
  readonly step?: number;
};

/**
 * A number that its form needs. The input keeps its own text, which may be no number while it is being typed;
 * only numbers are told, and the form is not sent without one.
 */
export function NumberField({ label, value, onChange, min, max, step = 1 }: Props) {
  return (
    <Field label={label}>
      <input
        className="input"
        type="number"
        required
        min={min}
        max={max}
        step={step}
        defaultValue={value}
        onChange={({ target }) => Number.isFinite(target.valueAsNumber) && onChange(target.valueAsNumber)}
      />
    </Field>
  );
}
