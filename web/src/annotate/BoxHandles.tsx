import { type Box, handlePoint, handles } from "./shapes/box";

export function BoxHandles({ box, scale }: { readonly box: Box; readonly scale: number }) {
  const side = 8 / scale;
  return handles.map((handle) => {
    const at = handlePoint(box, handle);
    return (
      <rect
        key={`${handle.x} ${handle.y}`}
        className="handle"
        x={at.x - side / 2}
        y={at.y - side / 2}
        width={side}
        height={side}
        rx={side / 4}
      />
    );
  });
}
