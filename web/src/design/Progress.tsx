import { classNames } from "./class-names";

type Props = {
  /** From 0 to 1; null while nothing is known yet. */
  readonly fraction: number | null;
  readonly label: string;
  readonly bad?: boolean;
};

export function Progress({ fraction, label, bad = false }: Props) {
  const percent = fraction === null ? undefined : Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div
      className={classNames("progress", percent === undefined && "unknown", bad && "bad")}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  );
}
