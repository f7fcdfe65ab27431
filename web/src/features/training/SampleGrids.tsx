import { useState } from "react";
import type { Sample } from "@/api/types";

type Props = { readonly samples: readonly Sample[]; readonly isLive: boolean };

/** What the network made as it learned: a row a prompt, frames from left to right. */
export function SampleGrids({ samples, isLive }: Props) {
  const [picked, setPicked] = useState<number | null>(null);
  const at = picked ?? samples.length - 1;
  const sample = samples[at];
  return (
    <section className="panel padded stack">
      <div className="row spread">
        <h2>Samples</h2>
        {sample !== undefined && <span className="quiet num">step {sample.step.toLocaleString("en")}</span>}
      </div>
      {sample === undefined ? (
        <p className="quiet">
          {isLive ? "The first pictures come after a while." : "This run made no sample pictures."}
        </p>
      ) : (
        <>
          <div className="sample">
            <img src={sample.url} alt={`Samples at step ${sample.step}`} />
            <ol>
              {sample.prompts.map((prompt) => (
                <li key={prompt}>{prompt}</li>
              ))}
            </ol>
          </div>
          {samples.length > 1 && (
            <input
              type="range"
              aria-label="Step of the samples"
              min={0}
              max={samples.length - 1}
              value={at}
              onChange={(event) => setPicked(event.target.valueAsNumber)}
            />
          )}
        </>
      )}
    </section>
  );
}
