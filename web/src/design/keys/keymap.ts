/**
 * What a key press means. Pure: chords ("g c"), shift and the mapping of a KeyboardEvent to a name.
 * Letters are named as typed ("a", "?"), others by their key ("ArrowLeft", "Space"); shift is spelled only for the latter.
 */
export type Stroke = { readonly key: string; readonly shiftKey: boolean };

export function strokeName({ key, shiftKey }: Stroke): string {
  const name = key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key;
  const isNamed = name.length > 1 || /[a-z]/.test(name);
  return shiftKey && isNamed ? `Shift+${name}` : name;
}

/** The stroke that completes a chord, or the stroke alone; `pending` is a prefix typed just before. */
export function matchStroke(
  pending: string | null,
  stroke: string,
  bound: ReadonlySet<string>,
): string | null {
  const chord = pending === null ? null : `${pending} ${stroke}`;
  if (chord !== null && bound.has(chord)) return chord;
  return bound.has(stroke) ? stroke : null;
}

export function isPrefix(stroke: string, bound: ReadonlySet<string>): boolean {
  for (const keys of bound) if (keys.startsWith(`${stroke} `)) return true;
  return false;
}

const pretty: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Space: "space",
  Escape: "esc",
  Enter: "↵",
};

/** "Shift+ArrowLeft" -> ["⇧", "←"]. */
export function keyCaps(keys: string): string[] {
  return keys
    .split(/[ +]/)
    .map((part) =>
      part === "Shift" ? "⇧" : (pretty[part] ?? (part.length === 1 ? part.toUpperCase() : part)),
    );
}
