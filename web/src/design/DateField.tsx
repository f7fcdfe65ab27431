import { dateFromInstant, instantFromDate } from "./dates";
import { Field } from "./Field";

type Props = {
  readonly label: string;
  readonly hint: string;
  readonly instant: string | null | undefined;
  readonly onChange: (instant: string | null) => void;
};

/** A day until whose end something holds; empty means without end. */
export function DateField({ label, hint, instant, onChange }: Props) {
  return (
    <Field label={label} hint={hint}>
      <input
        className="input"
        type="date"
        value={dateFromInstant(instant)}
        onChange={(event) => onChange(instantFromDate(event.target.value))}
      />
    </Field>
  );
}
