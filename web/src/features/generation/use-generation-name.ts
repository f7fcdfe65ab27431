import { useQuery } from "@tanstack/react-query";
import { assetQuery } from "@/api/catalog";
import type { Generation } from "@/api/types";
import { inputAssetOf, kindInWords, playedRoomOf, promptOf } from "./generation-words";

/** What was asked for: the prompt, or the footage that it goes on from. */
export function useGenerationName(generation: Generation | undefined): string {
  const assetId = generation === undefined ? null : inputAssetOf(generation);
  const asset = useQuery({ ...assetQuery(assetId ?? ""), enabled: assetId !== null, staleTime: 60_000 });
  if (generation === undefined) return "";
  const prompt = promptOf(generation);
  if (prompt !== "") return prompt;
  const room = playedRoomOf(generation);
  if (room !== null) return `played in the room ${room}`;
  return asset.data === undefined
    ? kindInWords(generation.kind)
    : `${beginnings[generation.kind] ?? generation.kind} ${asset.data.name}`;
}

const beginnings: Readonly<Record<string, string>> = {
  image_to_video: "from a frame of",
  continuation: "goes on from",
  play: "played from a frame of",
};
