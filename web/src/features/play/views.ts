/** How the imagination and its ghost are shown together. Pure. */
import type { Blend } from "./pictures";

export type View = "side" | "overlay" | "difference" | "alone";

export const views = [
  { value: "side", name: "Side by side" },
  { value: "overlay", name: "Overlay" },
  { value: "difference", name: "Difference" },
  { value: "alone", name: "Alone" },
] as const satisfies readonly { value: View; name: string }[];

export function nextView(view: View): View {
  const at = views.findIndex(({ value }) => value === view);
  return views[(at + 1) % views.length]?.value ?? "side";
}

export type Panel = { readonly blend: Blend; readonly label: string; readonly about: string };

const imagined: Panel = { blend: "imagined", label: "Imagined", about: "by the network, frame by frame" };

/** What to show: where the truth is known no more, the imagination goes on alone. */
export function panelsOf(view: View, hasGhost: boolean): readonly Panel[] {
  if (!hasGhost) return [imagined];
  switch (view) {
    case "side":
      return [
        imagined,
        { blend: "ghost", label: "True", about: "the simulator, never shown to the network" },
      ];
    case "overlay":
      return [{ blend: "overlay", label: "Overlay", about: "the truth shines through where they part" }];
    case "difference":
      return [{ blend: "difference", label: "Difference", about: "black where the imagination is right" }];
    case "alone":
      return [imagined];
  }
}
