/** The rooms of the simulator that one may play in. Pictures and seeds: web/scripts/draw_rooms.py. */
import type { Checkpoint, Session } from "@/api/types";
import arcade from "./rooms/arcade.webp";
import narrowArcade from "./rooms/arcade-narrow.webp";
import bakeoff from "./rooms/bakeoff.webp";
import collision from "./rooms/collision.webp";
import desk from "./rooms/desk.webp";
import narrowDesk from "./rooms/desk-narrow.webp";
import lab from "./rooms/lab.webp";
import narrowLab from "./rooms/lab-narrow.webp";
import parabola from "./rooms/parabola.webp";
import platforms from "./rooms/platforms.webp";
import uniform from "./rooms/uniform.webp";

export type Room = {
  /** What the simulator calls it. */
  readonly id: string;
  /** Its card's own name, where two cards lead into one room. */
  readonly card?: string;
  readonly name: string;
  readonly about: string;
  /** 24 frames in a row, of the scene that `seed` begins. */
  readonly strip: string;
  /** The same of the room as a shipped network knows it: with less in it. */
  readonly narrowStrip?: string;
  readonly seed: number;
  /** What may be left of the room where a network was shown less of it, and this is not in there. */
  readonly missingWhere?: string;
  /** What it is about holds however little of it a network was shown. */
  readonly isAlwaysTold?: boolean;
  /** A few things on white: a small card is enough. */
  readonly isPlain?: boolean;
};

const theArcade: Room = {
  id: "arcade",
  name: "Arcade",
  about: "Steer a small hero past walls and a hazard, after coins.",
  strip: arcade,
  narrowStrip: narrowArcade,
  seed: 6,
  isAlwaysTold: true,
};

export const rooms: readonly Room[] = [
  theArcade,
  {
    id: "arcade",
    card: "platforms",
    name: "Platforms",
    about: "The Arcade from the side: run, jump, fall.",
    strip: platforms,
    seed: 0,
    missingWhere: "seen from above",
  },
  {
    id: "lab",
    name: "Lab",
    about: "Bodies orbit, bounce, collide.",
    strip: lab,
    narrowStrip: narrowLab,
    seed: 2,
  },
  {
    id: "desk",
    name: "Desk",
    about: "Shapes that change when you say so.",
    strip: desk,
    narrowStrip: narrowDesk,
    seed: 4,
    isAlwaysTold: true,
  },
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
export function nameOf({ room, prompt, asset_id }: Pick<Session, "room" | "prompt" | "asset_id">): string {
  return roomName(room) ?? (prompt || (asset_id ? "Footage" : "A picture"));
}

export type Opening = {
  readonly about: string;
  readonly strip: string;
  /** Whether the network that answers was shown such scenes; "missing": the room, but not this of it. */
  readonly knows: "shown" | "new" | "missing";
  /** Empty where the server is to choose. */
  readonly checkpointId: string;
};

/**
 * What a room opens with: the scene as the network that answers was shown it. That is the chosen one, else the newest
 * that was shown it, else the newest. Null where there is none.
 */
export function openingOf(
  room: Room,
  chosen: Checkpoint | undefined,
  finished: readonly Checkpoint[],
): Opening | null {
  const isShown = ({ rooms }: Checkpoint) => room.id in rooms && rooms[room.id] !== room.missingWhere;
  const answering = chosen ?? finished.find(isShown) ?? finished[0];
  if (answering === undefined) return null;
  const left = answering.rooms[room.id];
  const whole = { about: room.about, strip: room.strip, checkpointId: answering.id };
  // Where none is seen that knows it, the server may know of an older one that does.
  if (left === undefined) return { ...whole, knows: "new", checkpointId: chosen?.id ?? "" };
  if (left === room.missingWhere) return { ...whole, knows: "missing" };
  if (left === "") return { ...whole, knows: "shown" };
  const told = `${left.charAt(0).toUpperCase()}${left.slice(1)}.`;
  return {
    ...whole,
    about: room.isAlwaysTold ? `${room.about} ${told}` : told,
    strip: room.narrowStrip ?? room.strip,
    knows: "shown",
  };
}
