import { useQuery } from "@tanstack/react-query";
import { type PointerEvent, useState } from "react";
import { mediaQuery } from "@/api/catalog";
import type { Asset } from "@/api/types";
import { tileAt } from "./grid";

type Props = { readonly asset: Asset };

/** The poster; under the pointer the filmstrip, so that moving over a card scrubs through the asset. */
export function FilmstripPicture({ asset }: Props) {
  const [share, setShare] = useState<number | null>(null);
  const { data: media } = useQuery(mediaQuery(asset.id));
  const strip = media?.filmstrip;
  const isScrubbing = share !== null && strip && media.filmstrip_url;
  const onMove = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setShare((event.clientX - left) / width);
  };
  return (
    <div className="filmstrip" onPointerMove={onMove} onPointerLeave={() => setShare(null)}>
      {media?.poster_url && <img src={media.poster_url} alt="" loading="lazy" draggable={false} />}
      {isScrubbing && (
        <>
          <Tile url={media.filmstrip_url ?? ""} columns={strip.columns} rows={strip.rows} tile={tileAt(strip.frames.length, share)} />
          <i className="scrub" style={{ left: `${share * 100}%` }} />
        </>
      )}
    </div>
  );
}

type TileProps = { readonly url: string; readonly columns: number; readonly rows: number; readonly tile: number };

function Tile({ url, columns, rows, tile }: TileProps) {
  const x = columns > 1 ? ((tile % columns) / (columns - 1)) * 100 : 0;
  const y = rows > 1 ? (Math.floor(tile / columns) / (rows - 1)) * 100 : 0;
  return (
    <div
      className="tile"
      style={{
        backgroundImage: `url("${url}")`,
        backgroundSize: `${columns * 100}% ${rows * 100}%`,
        backgroundPosition: `${x}% ${y}%`,
      }}
    />
  );
}
