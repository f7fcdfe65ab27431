import { useEffect, useRef, useState } from "react";

/**
 * Takes pictures that are dropped or pasted anywhere on the page, and says whether one hovers over it.
 *
 * Listens before the shell does, which takes all other files for footage.
 */
export function usePictureDrop(onPicture: (file: File) => void): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(onPicture);
  useEffect(() => {
    latest.current = onPicture;
  });
  useEffect(() => {
    const ended = new AbortController();
    const listen = <K extends keyof WindowEventMap>(type: K, take: (event: WindowEventMap[K]) => void) =>
      window.addEventListener(type, take, { capture: true, signal: ended.signal });
    const over = (event: DragEvent) => {
      if (!hasPicture(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation();
      setOver(true);
    };
    listen("dragenter", over);
    listen("dragover", over);
    listen("dragleave", (event) => event.relatedTarget === null && setOver(false));
    listen("drop", (event) => {
      setOver(false);
      const file = pictureIn(event.dataTransfer);
      if (file === null) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current(file);
    });
    listen("paste", (event) => {
      const file = pictureIn(event.clipboardData);
      if (file !== null) latest.current(file);
    });
    return () => ended.abort();
  }, []);
  return isOver;
}

function hasPicture(transfer: DataTransfer | null): boolean {
  return [...(transfer?.items ?? [])].some((item) => item.kind === "file" && item.type.startsWith("image/"));
}

function pictureIn(transfer: DataTransfer | null): File | null {
  return [...(transfer?.files ?? [])].find((file) => file.type.startsWith("image/")) ?? null;
}
