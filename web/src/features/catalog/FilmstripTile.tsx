import type { Filmstrip } from "@/api/types";

type Props = { readonly url: string; readonly filmstrip: Filmstrip; readonly tile: number };

/** One tile of a sprite, as large as the card allows and in its own proportions. */
export function FilmstripTile({ url, filmstrip, tile }: Props) {
  const { columns, rows, tile_width, tile_height } = filmstrip;
  const x = columns > 1 ? ((tile % columns) / (columns - 1)) * 100 : 0;
  const y = rows > 1 ? (Math.floor(tile / columns) / (rows - 1)) * 100 : 0;
  return (
    <div className="tile-space">
      <div
        className="tile"
        style={{
          aspectRatio: `${tile_width} / ${tile_height}`,
          [tile_width * 9 >= tile_height * 16 ? "width" : "height"]: "100%",
          backgroundImage: `url("${url}")`,
          backgroundSize: `${columns * 100}% ${rows * 100}%`,
          backgroundPosition: `${x}% ${y}%`,
        }}
      />
    </div>
  );
}
