import type uPlot from "uplot";
import { figure } from "@/design/words";

/** How the curves look, in the tokens of the theme that is on. */
export function chartOptions(width: number, height: number, isLog: boolean): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: token("--ink-3"),
    font: `11px ${token("--font")}`,
    grid: { stroke: token("--line"), width: 1 },
    ticks: { show: false },
  };
  const curve = (label: string, stroke: string, lineWidth: number): uPlot.Series => ({
    label,
    stroke,
    width: lineWidth,
    points: { show: false },
    spanGaps: true,
    value: (_chart, value) => figure(value),
  });
  return {
    width,
    height,
    padding: [16, 20, 0, 4],
    cursor: { y: false, points: { size: 7 } },
    scales: { x: { time: false }, y: isLog ? { distr: 3 } : {} },
    axes: [
      { ...axis, size: 30 },
      { ...axis, size: 52, values: (_chart, values) => values.map((value) => figure(value)) },
    ],
    series: [
      { label: "Step", value: (_chart, value) => (value === null ? "–" : String(value)) },
      curve("Loss", `color-mix(in oklab, ${token("--accent")}, transparent 62%)`, 1),
      curve("Loss, smoothed", token("--accent"), 2),
      curve("Frames", token("--class-1"), 1.25),
      curve("Text", token("--class-3"), 1.25),
    ],
  };
}
