import { Link } from "@tanstack/react-router";
import type { Asset } from "@/api/types";
import { countInWords, lengthInWords } from "@/design/words";
import { FilmstripPicture } from "./FilmstripPicture";
import { NotReady } from "./NotReady";

export function AssetCard({ asset }: { readonly asset: Asset }) {
  return (
    <Link
      className="asset-card"
      to="/assets/$assetId"
      params={{ assetId: asset.id }}
      data-ready={asset.is_ready}
    >
      <div className="picture">
        {asset.is_ready ? <FilmstripPicture asset={asset} /> : <NotReady asset={asset} />}
        {asset.duration_s !== null && <span className="length num">{lengthInWords(asset.duration_s)}</span>}
      </div>
      <div className="caption">
        <span className="clip-text name" title={asset.name}>
          {asset.name}
        </span>
        <span className="row" style={{ gap: 6 }}>
          <span className="quiet num">{factsLine(asset)}</span>
        </span>
      </div>
    </Link>
  );
}

function factsLine(asset: Asset): string {
  if (asset.failure !== null) return "Could not be read";
  if (asset.display_width === null) return "Not read yet";
  const rate = asset.is_vfr === true ? "variable rate" : `${Math.round((asset.fps ?? 0) * 100) / 100} fps`;
  return `${asset.display_width}×${asset.display_height} · ${rate} · ${countInWords(asset.num_frames ?? 0, "frame")}`;
}
