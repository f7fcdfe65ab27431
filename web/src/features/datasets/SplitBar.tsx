import { splitCounts } from "./splits";

const tones: Readonly<Record<string, string>> = { train: "--class-1", val: "--class-5", test: "--class-2" };

export function SplitBar({ splits }: { readonly splits: { readonly [name: string]: number } }) {
  const counted = splitCounts(splits);
  const whole = counted.reduce((sum, split) => sum + split.count, 0);
  if (whole === 0) return null;
  return (
    <div className="split-bar">
      <div className="bar">
        {counted.map((split) => (
          <i
            key={split.name}
            style={{ flexGrow: split.count, background: `var(${tones[split.name] ?? "--class-7"})` }}
          />
        ))}
      </div>
      <div className="row wide num quiet">
        {counted.map((split) => (
          <span key={split.name}>
            {split.name} {split.count}
          </span>
        ))}
      </div>
    </div>
  );
}
