import { useEffect, useRef } from "react";
import { create } from "zustand";
import { isForPage } from "./for-page";
import { isPrefix, matchStroke, strokeName } from "./keymap";

export type KeyBinding = {
  /** "a", "Shift+ArrowLeft", or a chord such as "g c". */
  readonly keys: string;
  readonly label: string;
  readonly run: () => void;
  readonly isEnabled?: boolean;
  /** Runs again and again while the key is held; others run once. */
  readonly repeats?: boolean;
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
    .map((b) => `${b.keys}\u0000${b.label}\u0000${b.isEnabled !== false}\u0000${b.repeats === true}`)
    .join("\u0001");
  useEffect(() => {
    const layer =
      signature === ""
        ? []
        : signature.split("\u0001").map((line, index): Bound => {
            const [keys = "", label = "", enabled, repeats] = line.split("\u0000");
            return {
              group,
              keys,
              label,
              isEnabled: enabled === "true",
              repeats: repeats === "true",
              run: () => latest.current[index]?.run(),
            };
          });
    useKeyRegistry.setState((state) => ({ layers: [...state.layers, layer] }));
    return () =>
      useKeyRegistry.setState((state) => ({ layers: state.layers.filter((other) => other !== layer) }));
  }, [group, signature]);
}

/** Listens once for the whole studio; the shell mounts it. */
export function useKeyListener(): void {
  useEffect(() => {
    let pending: { readonly stroke: string; readonly at: number } | null = null;
    const listen = (event: KeyboardEvent) => {
      if (!isForPage(event)) return;
      const stroke = strokeName(event);
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
      const binding = live.findLast(({ keys }) => keys === matched);
      if (!event.repeat || binding?.repeats === true) binding?.run();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
