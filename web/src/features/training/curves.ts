/** Metrics as columns for a chart. Pure. */
export type Measured = {
  readonly step: number;
  readonly values: { readonly [name: string]: number | undefined };
};

export const curveNames = ["loss", "frame_loss", "text_loss"] as const;

export type Columns = [steps: number[], ...curves: (number | null)[][]];

/** One column a curve, beside the steps; a step that lacks a value leaves a gap. */
export function columnsOf(metrics: readonly Measured[]): Columns {
  return [
    metrics.map((metric) => metric.step),
    ...curveNames.map((name) => metrics.map((metric) => finite(metric.values[name]))),
  ];
}

/** Exponential moving average, so that a trend shows through the noise of batches; `keep` is the weight of the past. */
export function smoothed(values: readonly (number | null)[], keep = 0.9): (number | null)[] {
  let average: number | null = null;
  return values.map((value) => {
    if (value === null) return average;
    average = average === null ? value : keep * average + (1 - keep) * value;
    return average;
  });
}

/** How much of the past to keep: little while there are few steps, much once there are many. */
export function smoothing(numSteps: number): number {
  return Math.min(0.95, Math.max(0, 1 - 12 / Math.max(1, numSteps)));
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
