import type { ReactNode } from "react";
import type { Asset } from "@/api/types";
import { ShortId } from "@/design/ShortId";
import { When } from "@/design/When";
import { clockFromSeconds } from "@/design/words";

export function FactsTab({ asset }: { readonly asset: Asset }) {
  const identity: [string, ReactNode][] = [
    ["Added", <When key="added" at={asset.created_at} />],
    ["Id", <ShortId key="id" id={asset.id} />],
  ];
  const measured: [string, ReactNode][] = [
    ["Length", asset.duration_s === null ? "–" : clockFromSeconds(asset.duration_s, 3)],
    ["Frames", asset.num_frames?.toLocaleString("en") ?? "–"],
    [
      "Rate",
      asset.is_vfr === true
        ? "variable"
        : `${asset.fps === null ? "–" : Math.round(asset.fps * 1000) / 1000} fps`,
    ],
    ["Picture", `${asset.display_width ?? "–"} × ${asset.display_height ?? "–"}`],
    ["Stored as", storedAs(asset)],
    ["Codec", [asset.codec, asset.pixel_format].filter(Boolean).join(", ") || "–"],
    ["Sound", asset.has_audio === true ? "yes" : "none"],
  ];
  // Before it is read nothing is known of it, and of what could not be read nothing ever will be.
  const facts = asset.num_frames === null ? identity : [...measured, ...identity];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <div key={name} style={{ display: "contents" }}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function storedAs(asset: Asset): string {
  const isTurned = asset.rotation !== null && asset.rotation !== 0;
  return `${asset.width ?? "–"} × ${asset.height ?? "–"}${isTurned ? `, turned by ${asset.rotation}°` : ""}`;
}
