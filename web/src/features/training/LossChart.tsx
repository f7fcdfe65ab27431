import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { RunMetric } from "@/api/types";
import { Segmented } from "@/design/Segmented";
import { useSize } from "@/design/use-size";
import { chartOptions } from "./chart-options";
import { columnsOf, smoothed, smoothing } from "./curves";

type Props = { readonly metrics: readonly RunMetric[] };
type Scale = "linear" | "log";

const HEIGHT = 300;

/** The curves of a run, drawn on as it trains. */
export function LossChart({ metrics }: Props) {
  const [holder, setHolder] = useState<HTMLDivElement | null>(null);
  const [scale, setScale] = useState<Scale>("linear");
  const { width } = useSize(holder);
  const chart = useRef<uPlot | null>(null);
  const [theme, setTheme] = useState(document.documentElement.dataset.theme);

  useEffect(() => {
    const themes = new MutationObserver(() => setTheme(document.documentElement.dataset.theme));
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => themes.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the tokens that the options read
  useEffect(() => {
    if (holder === null || width === 0) return;
    const made = new uPlot(chartOptions(width, HEIGHT, scale === "log"), [[], [], [], [], []], holder);
    chart.current = made;
    return () => {
      made.destroy();
      chart.current = null;
    };
  }, [holder, width, scale, theme]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart that was made anew needs its data again
  useEffect(() => {
    const [steps, loss = [], frames = [], text = []] = columnsOf(metrics);
    chart.current?.setData([steps, loss, smoothed(loss, smoothing(loss.length)), frames, text]);
  }, [metrics, holder, width, scale, theme]);

  return (
    <div className="loss-chart">
      <div ref={setHolder} style={{ minHeight: HEIGHT }} />
      {metrics.length === 0 && (
        <p className="quiet waiting">The curve begins with the first measured step.</p>
      )}
      <Segmented
        label="Scale"
        value={scale}
        onChange={setScale}
        choices={[
          { value: "linear", name: "Linear" },
          { value: "log", name: "Log" },
        ]}
      />
    </div>
  );
}
