/** Where the picture lies on its stage. Pure; media points are display pixels of the asset, screen points CSS pixels. */
import { type MediaPoint, mediaPoint, type ScreenPoint, screenPoint } from "@/units";

export type Size = { readonly width: number; readonly height: number };

/** The letterbox: `scale` CSS pixels for one media pixel, and where the picture's corner is. */
export type Fit = { readonly scale: number; readonly left: number; readonly top: number };

export function fitInside(media: Size, stage: Size): Fit {
  const scale = Math.min(stage.width / Math.max(1, media.width), stage.height / Math.max(1, media.height));
  return {
    scale,
    left: (stage.width - media.width * scale) / 2,
    top: (stage.height - media.height * scale) / 2,
  };
}

export function screenFromMedia(fit: Fit, point: MediaPoint): ScreenPoint {
  return screenPoint(point.x * fit.scale + fit.left, point.y * fit.scale + fit.top);
}

export function mediaFromScreen(fit: Fit, point: ScreenPoint): MediaPoint {
  return mediaPoint((point.x - fit.left) / fit.scale, (point.y - fit.top) / fit.scale);
}
