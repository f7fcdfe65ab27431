import { type PointerEvent, useState } from "react";
import type { Asset } from "@/api/types";
import { FilmstripTile } from "./FilmstripTile";
import { tileAt } from "./grid";

type Props = { readonly asset: Asset };

/** The poster; under the pointer the filmstrip, so that moving over a card scrubs through the asset. */
export function FilmstripPicture({ asset }: Props) {
  const [share, setShare] = useState<number | null>(null);
  const { filmstrip, filmstrip_url, poster_url } = asset;
  const onMove = (event: PointerEvent) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setShare((event.clientX - left) / width);
  };
  return (
    <div className="filmstrip" onPointerMove={onMove} onPointerLeave={() => setShare(null)}>
      {poster_url && <img src={poster_url} alt="" loading="lazy" draggable={false} />}
      {share !== null && filmstrip && filmstrip_url && (
        <>
          <FilmstripTile
            url={filmstrip_url}
            filmstrip={filmstrip}
            tile={tileAt(filmstrip.frames.length, share)}
          />
          <i className="scrub" style={{ left: `${share * 100}%` }} />
        </>
      )}
    </div>
  );
}
