/** Rows of cards. Pure. */
export type GridShape = { readonly columns: number; readonly cardWidth: number; readonly rowHeight: number };

export const GAP = 16;
const LEAST_CARD = 232;
const CAPTION_HEIGHT = 54;

/** As many columns as fit, cards as wide as the rest allows; pictures are 16 by 9. */
export function gridShape(width: number): GridShape {
  const columns = Math.max(1, Math.floor((width + GAP) / (LEAST_CARD + GAP)));
  const cardWidth = (width - GAP * (columns - 1)) / columns;
  return { columns, cardWidth, rowHeight: Math.round((cardWidth * 9) / 16) + CAPTION_HEIGHT + GAP };
}

/** Which tile of a filmstrip lies under the pointer. */
export function tileAt(numTiles: number, share: number): number {
  return Math.min(numTiles - 1, Math.max(0, Math.floor(share * numTiles)));
}
