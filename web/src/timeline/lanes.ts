/** What a timeline shows: named lanes of spans. Pure: packing overlaps into rows. */

export type LaneSpan = {
  readonly id: string;
  /** Half-open, in frames. */
  readonly start: number;
  readonly end: number;
  readonly label: string;
  /** A CSS colour or variable. */
  readonly colour: string;
  /** Not yet decided by a person: drawn hollow. */
  readonly isTentative?: boolean;
  /** Frames that someone fixed, drawn as marks. */
  readonly keyframes?: readonly number[];
};
export type Lane = { readonly name: string; readonly spans: readonly LaneSpan[] };

export type PlacedSpan = LaneSpan & { readonly row: number };
export type PlacedLane = {
  readonly name: string;
  readonly top: number;
  readonly height: number;
  readonly numRows: number;
  readonly spans: readonly PlacedSpan[];
};

export const RULER_HEIGHT = 24;
export const ROW_HEIGHT = 20;
export const LANE_GAP = 8;

/** First row in which each span overlaps nobody, spans taken by their start. */
export function packRows(spans: readonly LaneSpan[]): PlacedSpan[] {
  const rowEnds: number[] = [];
  return [...spans]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map((span) => {
      const free = rowEnds.findIndex((end) => end <= span.start);
      const row = free === -1 ? rowEnds.length : free;
      rowEnds[row] = span.end;
      return { ...span, row };
    });
}

export function placeLanes(lanes: readonly Lane[]): PlacedLane[] {
  let top = RULER_HEIGHT + LANE_GAP;
  return lanes.map((lane) => {
    const spans = packRows(lane.spans);
    const numRows = Math.max(1, ...spans.map((span) => span.row + 1));
    const placed = { name: lane.name, top, height: numRows * ROW_HEIGHT, numRows, spans };
    top += placed.height + LANE_GAP;
    return placed;
  });
}

export function lanesHeight(placed: readonly PlacedLane[]): number {
  const last = placed.at(-1);
  return last === undefined ? RULER_HEIGHT + LANE_GAP : last.top + last.height + LANE_GAP;
}
