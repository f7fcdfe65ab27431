/** From keys that are held to the action that is taken. Pure: the newest key that is still down decides. */
import type { Action } from "./protocol";

export type Direction = "left" | "right" | "up" | "down";

const letters: Readonly<Record<string, string>> = {
  a: "ArrowLeft",
  d: "ArrowRight",
  w: "ArrowUp",
  s: "ArrowDown",
};

/** The action that a key takes, null for a key that steers nothing. Space is the page's own: it plays and pauses. */
export function actionOfKey(key: string, actions: readonly Action[]): number | null {
  if (key === " ") return null;
  const named = letters[key.toLowerCase()] ?? key;
  return actions.find((action) => action.key === named)?.id ?? null;
}

export function actionOfDirection(direction: Direction, actions: readonly Action[]): number | null {
  return actions.find((action) => action.name === direction)?.id ?? null;
}

/** What nothing held comes to: to stay. */
export const RESTING = 0;

/** Held actions, the newest last. */
export type Held = readonly number[];

export const holding = (held: Held, action: number): Held =>
  held.includes(action) ? held : [...held, action];

export const lettingGo = (held: Held, action: number): Held => held.filter((other) => other !== action);

export const actionOf = (held: Held): number => held.at(-1) ?? RESTING;

export const isSteerable = (actions: readonly Action[]): boolean => actions.length > 1;
