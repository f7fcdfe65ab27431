import { useEffect, useState } from "react";

type Draw = (context: CanvasRenderingContext2D, token: (name: string) => string, width: number) => void;

/** A canvas as wide as its parent, sharp on any screen, drawn anew after each render and change of theme. */
export function useCanvas(height: number, draw: Draw) {
  const [canvas, attach] = useState<HTMLCanvasElement | null>(null);
  const [width, setWidth] = useState(0);
  const [, setTheme] = useState("");

  useEffect(() => {
    const parent = canvas?.parentElement;
    if (!parent) return;
    const sizes = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    sizes.observe(parent);
    const themes = new MutationObserver(() => setTheme(document.documentElement.dataset.theme ?? ""));
    themes.observe(document.documentElement, { attributeFilter: ["data-theme"] });
    return () => {
      sizes.disconnect();
      themes.disconnect();
    };
  }, [canvas]);

  useEffect(() => {
    const context = canvas?.getContext("2d");
    if (!canvas || !context || width === 0) return;
    const density = window.devicePixelRatio || 1;
    canvas.width = width * density;
    canvas.height = height * density;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    context.scale(density, density);
    const style = getComputedStyle(document.documentElement);
    // A span's colour may be a token, a variable reference or a plain colour.
    draw(
      context,
      (name) => style.getPropertyValue(name.replace(/^var\((--[^)]+)\)$/, "$1")).trim() || name,
      width,
    );
  });

  return { attach, width };
}
