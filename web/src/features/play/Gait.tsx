const NUM_FRAMES = 12;

/** Twelve frames that light up one after the other, as Muybridge's cameras went off along the track. */
export function Gait({ isMoving }: { readonly isMoving: boolean }) {
  return (
    <svg
      className="gait"
      data-moving={isMoving}
      viewBox="0 0 168 20"
      width={168}
      height={20}
      aria-hidden="true"
    >
      {Array.from({ length: NUM_FRAMES }, (_, frame) => frame).map((frame) => (
        <rect
          key={frame}
          x={frame * 14 + 1}
          y={2}
          width={11}
          height={16}
          rx={2}
          style={{ animationDelay: `${frame * 90}ms` }}
        />
      ))}
    </svg>
  );
}
