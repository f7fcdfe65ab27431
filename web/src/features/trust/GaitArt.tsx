/** Twelve frames of a ball that bounces: what a sequence of still pictures says about motion. */
export function GaitArt() {
  const frames = Array.from({ length: 12 }, (_, frame) => frame);
  return (
    <svg viewBox="0 0 424 316" fill="none" role="presentation">
      {frames.map((frame) => {
        const x = (frame % 4) * 106;
        const y = Math.floor(frame / 4) * 106;
        const time = frame / 11.6;
        const height = Math.abs(Math.cos(time * Math.PI * 2.5)) * (1 - time * 0.35);
        const squash = height < 0.16 ? 1 - (0.16 - height) * 1.3 : 1;
        const left = x + 20 + time * 58;
        return (
          <g key={frame} style={{ animationDelay: `${frame * 140}ms` }}>
            <rect x={x} y={y} width="98" height="98" rx="8" className="frame" />
            <line x1={x + 8} y1={y + 84} x2={x + 90} y2={y + 84} className="ground" />
            <ellipse
              cx={left}
              cy={y + 84 - 9 * squash - height * 52}
              rx={9 / squash}
              ry={9 * squash}
              className="ball"
            />
            <text x={x + 9} y={y + 17} className="count">
              {String(frame + 1).padStart(2, "0")}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
