/**
 * Sentences that one may say into a running world: of what may change in it, by the scene's own caption and by what was
 * said since. Pure.
 */

const colours = ["red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink"];
const shapes = ["circle", "square", "triangle", "star", "ring"];
const MOST = 3;

type Thing = { readonly colour: string; readonly shape: string };

/** Up to three; none where the caption names nothing. `said`: all that was, in order. */
export function suggestionsFor(caption: string, said: readonly string[] = []): readonly string[] {
  const things = said.reduce(changed, thingsIn(caption));
  const sentences = things.flatMap((thing, at) => {
    const name = `the ${thing.colour} ${thing.shape}`;
    const colour = after(colours, thing.colour, 4 + at);
    return [`${name} turns ${colour}`, `${name} becomes a ${after(shapes, thing.shape, 2 + at)}`];
  });
  return sentences.slice(0, MOST);
}

/** The things as they are once it was done: "the red circle turns cyan. the cyan circle becomes a star". */
function changed(things: readonly Thing[], said: string): readonly Thing[] {
  const pattern = new RegExp(
    `\\b(${colours.join("|")}) (${shapes.join("|")}) (?:turns (${colours.join("|")})|becomes an? (${shapes.join("|")}))\\b`,
    "g",
  );
  return [...said.toLowerCase().matchAll(pattern)].reduce<readonly Thing[]>(
    (known, [, colour, shape, newColour, newShape]) =>
      known.map((thing) =>
        thing.colour === colour && thing.shape === shape
          ? { colour: newColour ?? thing.colour, shape: newShape ?? thing.shape }
          : thing,
      ),
    things,
  );
}

/** "a large red striped circle and a blue ring" -> red circle, blue ring; each once. */
function thingsIn(caption: string): readonly Thing[] {
  const found = new Map<string, Thing>();
  const pattern = new RegExp(
    `\\b(${colours.join("|")})\\b(?: striped| plain)? (${shapes.join("|")})\\b`,
    "g",
  );
  for (const [, colour = "", shape = ""] of caption.toLowerCase().matchAll(pattern))
    found.set(`${colour} ${shape}`, { colour, shape });
  return [...found.values()];
}

function after(names: readonly string[], name: string, steps: number): string {
  return names[(names.indexOf(name) + steps) % names.length] ?? name;
}
