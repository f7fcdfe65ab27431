/** The rooms of the simulator that one may play in. Pictures and seeds: web/scripts/draw_rooms.py. */
import type { Session } from "@/api/types";
import arcade from "./rooms/arcade.webp";
import bakeoff from "./rooms/bakeoff.webp";
import collision from "./rooms/collision.webp";
import desk from "./rooms/desk.webp";
import lab from "./rooms/lab.webp";
import parabola from "./rooms/parabola.webp";
import uniform from "./rooms/uniform.webp";

export type Room = {
  readonly id: string;
  readonly name: string;
  readonly about: string;
  /** 24 frames in a row, of the scene that `seed` begins. */
  readonly strip: string;
  readonly seed: number;
  /** A few things on white: a small card is enough. */
  readonly isPlain?: boolean;
};

const theArcade: Room = {
  id: "arcade",
  name: "Arcade",
  about: "Steer a small hero past walls and a hazard, after coins.",
  strip: arcade,
  seed: 6,
};

export const rooms: readonly Room[] = [
  theArcade,
  { id: "lab", name: "Lab", about: "Bodies orbit, bounce, collide.", strip: lab, seed: 2 },
  { id: "desk", name: "Desk", about: "A clock, a counter, and shapes that obey.", strip: desk, seed: 4 },
  {
    id: "bakeoff",
    name: "Bake-off",
    about: "One shape drifts on white.",
    strip: bakeoff,
    seed: 0,
    isPlain: true,
  },
  {
    id: "collision",
    name: "Collision",
    about: "Two balls, one line.",
    strip: collision,
    seed: 0,
    isPlain: true,
  },
  { id: "parabola", name: "Parabola", about: "A ball is thrown.", strip: parabola, seed: 0, isPlain: true },
  { id: "uniform", name: "Uniform", about: "A ball rolls on.", strip: uniform, seed: 0, isPlain: true },
];

const roomName = (id: string | null): string | null =>
  id === null ? null : (rooms.find((room) => room.id === id)?.name ?? id);

/** What a session is a play of. */
export function nameOf({ room, prompt }: Pick<Session, "room" | "prompt">): string {
  return roomName(room) ?? (prompt || "A first frame");
}

/** The rooms whose clips a recipe shows to the network, by the run's own JSON. */
export function roomsOfRecipe(recipe: { readonly [name: string]: unknown }): ReadonlySet<string> {
  const clips: unknown = recipe.clips;
  const shown = (Array.isArray(clips) ? clips : []).map((clip: unknown): unknown =>
    typeof clip === "object" && clip !== null ? Reflect.get(clip, "room") : null,
  );
  return new Set(shown.filter((room) => typeof room === "string"));
}
