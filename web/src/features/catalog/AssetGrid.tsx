import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useState } from "react";
import type { Asset } from "@/api/types";
import { useSize } from "@/design/use-size";
import { AssetCard } from "./AssetCard";
import { GAP, gridShape } from "./grid";

type Props = {
  /** null while the first page is on its way. */
  readonly assets: readonly Asset[] | null;
  readonly isMore: boolean;
  readonly onMore: () => void;
};

/** Only the rows on screen exist; the next page is asked for before its end is reached. */
export function AssetGrid({ assets, isMore, onMore }: Props) {
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const { width } = useSize(scroller);
  const shape = gridShape(width);
  const count = assets === null ? 0 : Math.ceil(assets.length / shape.columns);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller,
    estimateSize: () => shape.rowHeight,
    overscan: 3,
  });
  useEffect(() => {
    if (shape.rowHeight > 0) rows.measure();
  }, [rows, shape.rowHeight]);

  const items = rows.getVirtualItems();
  const lastRow = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (isMore && count > 0 && lastRow >= count - 3) onMore();
  }, [isMore, count, lastRow, onMore]);

  return (
    <div ref={setScroller} className="asset-grid" aria-busy={assets === null}>
      {assets === null && width > 0 && <Waiting columns={shape.columns} />}
      <div style={{ height: rows.getTotalSize(), position: "relative" }}>
        {items.map((row) => (
          <div
            key={row.key}
            className="asset-row"
            style={{
              gridTemplateColumns: `repeat(${shape.columns}, 1fr)`,
              gap: GAP,
              transform: `translateY(${row.start}px)`,
            }}
          >
            {(assets ?? []).slice(row.index * shape.columns, (row.index + 1) * shape.columns).map((asset) => (
              <AssetCard key={asset.id} asset={asset} />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

function Waiting({ columns }: { readonly columns: number }) {
  return (
    <div
      className="asset-row"
      style={{ gridTemplateColumns: `repeat(${columns}, 1fr)`, gap: GAP, position: "static" }}
    >
      {Array.from({ length: columns * 2 }, (_, place) => place).map((place) => (
        <div key={place} className="skeleton" style={{ aspectRatio: "16 / 11.6" }} />
      ))}
    </div>
  );
}
