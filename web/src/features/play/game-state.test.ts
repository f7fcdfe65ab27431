import { describe, expect, it } from "vitest";
import { freshGame, type GameState, lastFrameOf, measuredRate, received, spanToSave } from "./game-state";
import type { ServerMessage } from "./protocol";
import { aFrame, anOpening } from "./testing";

function gameAfter(...messages: readonly ServerMessage[]): GameState {
  return messages.reduce((game, message, at) => received(game, message, at * 125), freshGame("ses_1"));
}
const frames = (count: number, branch = "b0", from = 0) =>
  Array.from({ length: count }, (_, index) => aFrame({ branch, frame: from + index }));
const kept = (game: GameState, branch: string) => game.shelf.frames(branch).map(({ frame }) => frame);
const branched = { type: "branched", id: "b1", seed: 7, fromBranch: "b0", fromFrame: 2 } as const;

describe("a game", () => {
  it("grows with each frame and measures how fast they come", () => {
    const game = gameAfter(anOpening({ isPlaying: true }), ...frames(9));
    expect([lastFrameOf(game), measuredRate(game.arrivals)]).toEqual([8, 8]);
    expect(measuredRate(gameAfter(anOpening(), ...frames(9)).arrivals)).toBeNull();
  });

  it("drops what came after when it was gone back", () => {
    const game = gameAfter(anOpening(), ...frames(9), { type: "rewound", branch: "b0", frame: 3 });
    expect([lastFrameOf(game), kept(game, "b0")]).toEqual([3, [0, 1, 2, 3]]);
  });

  it("keeps both lines when it branches off, and goes between them", () => {
    const onward = [anOpening(), ...frames(5), branched, ...frames(2, "b1", 3)];
    const game = gameAfter(...onward);
    expect([game.tree.current, kept(game, "b1"), kept(game, "b0").length]).toEqual([
      "b1",
      [0, 1, 2, 3, 4],
      5,
    ]);
    const back = gameAfter(...onward, { type: "switched", branch: "b0", frame: 4 });
    expect([back.tree.current, lastFrameOf(back)]).toEqual(["b0", 4]);
  });

  it("holds words until the world has heard them, and gives back those that it cannot read", () => {
    const said = {
      ...gameAfter(anOpening(), ...frames(2)),
      unheard: ["the ball turns blue", "x".repeat(999)],
    };
    const detail = "999 tokens are too many.";
    const refused = received(
      said,
      { type: "error", code: "worldmodel.prompt_too_long", detail, remedy: "Say less." },
      0,
    );
    expect([refused.unheard, refused.trouble?.message]).toEqual([["the ball turns blue"], detail]);
    expect(received(refused, aFrame({ frame: 2, said: "the ball turns blue" }), 0).unheard).toEqual([]);
  });

  it("still knows what was seen when the line was cut, as far as the session kept it", () => {
    const [branch] = anOpening().branches;
    const cut = gameAfter(anOpening(), ...frames(9));
    const again = anOpening({ branches: branch === undefined ? [] : [{ ...branch, numFrames: 6 }] });
    const game = received(cut, again, 0);
    expect([lastFrameOf(game), kept(game, "b0")]).toEqual([5, [0, 1, 2, 3, 4, 5]]);
  });

  it("saves the whole branch unless a span is marked, and never more than there is", () => {
    const game = gameAfter(anOpening(), ...frames(9));
    expect(spanToSave(game)).toEqual({ start: 0, end: 9 });
    expect(spanToSave({ ...game, mark: { start: 4, end: 30 } })).toEqual({ start: 4, end: 9 });
  });
});
