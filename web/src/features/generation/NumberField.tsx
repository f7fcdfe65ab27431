import { Field } from "@/design/Field";

type Props = {
  readonly label: string;
  readonly value: number;
  readonly onChange: (value: number) => void;
  readonly min?: number;
  readonly max?: number | undefined;
  readonly step?: number;
};

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
        value={value}
        onChange={(event) =>
          Number.isFinite(event.target.valueAsNumber) && onChange(event.target.valueAsNumber)
        }
      />
    </Field>
  );
}
