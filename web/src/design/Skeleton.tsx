type Props = { readonly height?: number; readonly lines?: number };

/** Stands where content will be, so that nothing jumps when it comes. */
export function Skeleton({ height = 18, lines = 1 }: Props) {
  return (
    <div className="stack" aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => line).map((line) => (
        <div key={line} className="skeleton" style={{ height }} />
      ))}
    </div>
  );
}
