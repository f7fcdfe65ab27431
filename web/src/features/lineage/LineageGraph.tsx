import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Lineage } from "@/api/types";
import { useSize } from "@/design/use-size";
import { plainWords } from "@/design/words";
import { layOut, NODE_HEIGHT, NODE_WIDTH } from "./layered-layout";
import { nounTone } from "./nouns";

type Props = { readonly lineage: Lineage; readonly focusId: string };

const MARGIN = 28;

/** Small graphs at their own size, wider ones shrunk to fit as long as they stay legible. */
function fittingZoom(width: number, space: number): number {
  return space === 0 ? 1 : Math.max(0.62, Math.min(1, space / width));
}

export function LineageGraph({ lineage, focusId }: Props) {
  const layout = useMemo(() => layOut(lineage.nodes, lineage.edges), [lineage]);
  const [holder, setHolder] = useState<HTMLDivElement | null>(null);
  const space = useSize(holder);
  const zoom = fittingZoom(layout.width + 2 * MARGIN, space.width);
  const focus = useRef<HTMLAnchorElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another focus is another place to scroll to
  useEffect(() => {
    focus.current?.scrollIntoView({ block: "center", inline: "center" });
  }, [focusId, layout, zoom]);
  return (
    <div className="lineage-graph" ref={setHolder}>
      <div
        style={{
          position: "relative",
          width: layout.width + 2 * MARGIN,
          height: layout.height + 2 * MARGIN,
          margin: "auto",
          zoom,
        }}
      >
        <svg width={layout.width + 2 * MARGIN} height={layout.height + 2 * MARGIN} aria-hidden="true">
          <g transform={`translate(${MARGIN} ${MARGIN})`}>
            {layout.curves.map(({ edge, path }) => (
              <path
                key={`${edge.child_id} ${edge.parent_id} ${edge.relation}`}
                d={path}
                data-near={edge.child_id === focusId || edge.parent_id === focusId}
              >
                <title>{plainWords(edge.relation)}</title>
              </path>
            ))}
          </g>
        </svg>
        {layout.placed.map(({ node, x, y }) => (
          <Link
            key={node.id}
            ref={node.id === focusId ? focus : undefined}
            className="lineage-node"
            data-focus={node.id === focusId}
            to="/lineage/$id"
            params={{ id: node.id }}
            title={node.id}
            style={{ left: x + MARGIN, top: y + MARGIN, width: NODE_WIDTH, height: NODE_HEIGHT }}
          >
            <i style={{ background: nounTone(node.noun) }} />
            <span className="noun">{plainWords(node.noun)}</span>
            <span className="clip-text title">{node.title}</span>
          </Link>
        ))}
      </div>
    </div>
  );
}
