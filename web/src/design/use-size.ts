import { useEffect, useMemo, useState } from "react";

/** The size of an element in CSS pixels, followed as it changes. */
export function useSize(element: Element | null): { readonly width: number; readonly height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  const observer = useMemo(
    () =>
      new ResizeObserver(([entry]) => {
        if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
      }),
    [],
  );
  useEffect(() => {
    if (element === null) return;
    observer.observe(element);
    return () => observer.disconnect();
  }, [element, observer]);
  return size;
}
