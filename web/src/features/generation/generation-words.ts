/** What a generation's frozen spec says, for people. The spec is open JSON: engines differ in what they take. Pure. */
import type { Generation } from "@/api/types";
import type { Tone } from "@/design/Badge";

const kinds: Readonly<Record<string, string>> = {
  text_to_video: "from text",
  image_to_video: "from an image",
  continuation: "continues footage",
  play: "played",
};

export const kindInWords = (kind: string): string => kinds[kind] ?? kind;

export function promptOf(generation: Pick<Generation, "spec">): string {
  const prompt: unknown = generation.spec.prompt;
  return typeof prompt === "string" ? prompt : "";
}

/** The room that was played in, where one was. */
export function playedRoomOf(generation: Pick<Generation, "spec">): string | null {
  const script: unknown = generation.spec.script;
  const room: unknown = typeof script === "object" && script !== null ? Reflect.get(script, "room") : null;
  return typeof room === "string" ? room : null;
}

/** The footage that a generation begins with, if it does. */
export function inputAssetOf(generation: Pick<Generation, "spec">): string | null {
  const input: unknown = generation.spec.input;
  const id: unknown = typeof input === "object" && input !== null ? Reflect.get(input, "asset_id") : null;
  return typeof id === "string" ? id : null;
}

/** What is known of a clip's signature, and what it means. */
export function provenance(verified: string | null): {
  readonly name: string;
  readonly tone: Tone;
  readonly about: string;
} {
  switch (verified) {
    case "trusted":
      return { name: "signed", tone: "ok", about: "Its manifest holds and was signed by this installation." };
    case "stranger":
      return {
        name: "signed elsewhere",
        tone: "warn",
        about: "Its manifest holds, but the signer is not known here.",
      };
    case "tampered":
      return { name: "tampered", tone: "bad", about: "The file was changed after it was signed." };
    default:
      return { name: "unsigned", tone: "plain", about: "It carries no manifest." };
  }
}
