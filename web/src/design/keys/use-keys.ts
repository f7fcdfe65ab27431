import { useEffect, useRef } from "react";
import { create } from "zustand";
import { isPrefix, matchStroke, strokeName } from "./keymap";

export type KeyBinding = {
  /** "a", "Shift+ArrowLeft", or a chord such as "g c". */
  readonly keys: string;
  readonly label: string;
  readonly run: () => void;
  readonly isEnabled?: boolean;
};

type Bound = KeyBinding & { readonly group: string };
type Registry = { readonly layers: readonly (readonly Bound[])[] };

/** Every key that works now, newest layer last; the help sheet lists it. */
export const useKeyRegistry = create<Registry>(() => ({ layers: [] }));

/** Binds keys while the component is on screen. A later layer wins over an earlier one. */
export function useKeys(group: string, bindings: readonly KeyBinding[]): void {
  const latest = useRef(bindings);
  useEffect(() => {
    latest.current = bindings;
  });
  const signature = bindings
    .map((b) => `${b.keys}\u0000${b.label}\u0000${b.isEnabled !== false}`)
    .join("\u0001");
  useEffect(() => {
    const layer =
      signature === ""
        ? []
        : signature.split("\u0001").map((line, index): Bound => {
            const [keys = "", label = "", enabled] = line.split("\u0000");
            return {
              group,
              keys,
              label,
              isEnabled: enabled === "true",
              run: () => latest.current[index]?.run(),
            };
          });
    useKeyRegistry.setState((state) => ({ layers: [...state.layers, layer] }));
    return () =>
      useKeyRegistry.setState((state) => ({ layers: state.layers.filter((other) => other !== layer) }));
  }, [group, signature]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
  return (
    target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
  );
}

/** Space and Enter belong to a focused button or link, not to the page. */
function isPressing(target: EventTarget | null, stroke: string): boolean {
  const isControl = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  return isControl && (stroke === "Space" || stroke === "Enter");
}

/** Listens once for the whole studio; the shell mounts it. */
export function useKeyListener(): void {
  useEffect(() => {
    let pending: { readonly stroke: string; readonly at: number } | null = null;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return;
      const stroke = strokeName(event);
      if (isPressing(event.target, stroke)) return;
      const live = useKeyRegistry
        .getState()
        .layers.flat()
        .filter((binding) => binding.isEnabled !== false);
      const bound = new Set(live.map((binding) => binding.keys));
      const prefix = pending !== null && event.timeStamp - pending.at < 1200 ? pending.stroke : null;
      const matched = matchStroke(prefix, stroke, bound);
      pending = matched === null && isPrefix(stroke, bound) ? { stroke, at: event.timeStamp } : null;
      if (matched === null) return;
      event.preventDefault();
      live.findLast((binding) => binding.keys === matched)?.run();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
