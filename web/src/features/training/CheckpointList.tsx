import { Link } from "@tanstack/react-router";
import { Sparkles } from "lucide-react";
import type { Checkpoint } from "@/api/types";
import { Badge } from "@/design/Badge";
import { When } from "@/design/When";
import { figure, shortId } from "@/design/words";

export function CheckpointList({ checkpoints }: { readonly checkpoints: readonly Checkpoint[] }) {
  return (
    <section className="panel padded stack">
      <h2>Checkpoints</h2>
      {checkpoints.length === 0 && <p className="quiet">None saved yet.</p>}
      <ul className="checkpoint-list">
        {checkpoints.map((checkpoint) => (
          <li key={checkpoint.id}>
            <div className="row">
              <b className="num">step {checkpoint.step.toLocaleString("en")}</b>
              {checkpoint.is_final && <Badge tone="ok">final</Badge>}
              <span className="quiet num">loss {figure(numberIn(checkpoint.card, "loss"))}</span>
            </div>
            <div className="row quiet">
              <code className="mono">{checkpoint.digest.slice(0, 12)}</code>
              <When at={checkpoint.created_at} />
            </div>
            <div className="row">
              {checkpoint.is_world_model && (
                <Link className="button small" to="/generations" search={{ checkpoint: checkpoint.id }}>
                  <Sparkles size={13} /> Generate
                </Link>
              )}
              <Link className="button ghost small" to="/lineage/$id" params={{ id: checkpoint.id }}>
                {shortId(checkpoint.id)}
              </Link>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function numberIn(card: object, name: string): number | null {
  const value: unknown = Reflect.get(card, name);
  return typeof value === "number" ? value : null;
}
