import { type EngineKnown, enginesFor, whatIsMissing } from "./engines";
import { Field } from "./Field";

type Props = {
  readonly engines: readonly EngineKnown[];
  /** What it shall make. */
  readonly kind: string;
  readonly value: string;
  /** The name of choosing none; absent where one must be chosen. */
  readonly none?: string;
  readonly onChange: (name: string) => void;
};

/** The engines that can make a kind, and beneath what would bring those that lack something. */
export function EngineField({ engines, kind, value, none, onChange }: Props) {
  return (
    <Field label="Engine" hint={whatIsMissing(engines) || undefined}>
      <select className="input" value={value} onChange={(event) => onChange(event.target.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {enginesFor(engines, kind).map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </Field>
  );
}
