/** A generation's kind and signature, for people. Pure. */
import type { Tone } from "@/design/Badge";

const kinds: Readonly<Record<string, string>> = {
  text_to_video: "from text",
  image_to_video: "from an image",
  continuation: "continues footage",
  play: "played",
};

export const kindInWords = (kind: string): string => kinds[kind] ?? kind;

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
