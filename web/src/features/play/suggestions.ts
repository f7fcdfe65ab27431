/** Sentences that one may say into a running world: of what may change in it, by the scene's own caption. Pure. */

const colours = ["red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink"];
const shapes = ["circle", "square", "triangle", "star", "ring"];
const MOST = 3;

type Thing = { readonly colour: string; readonly shape: string };

/** Up to three; none where the caption names nothing. */
export function suggestionsFor(caption: string): readonly string[] {
  const things = thingsIn(caption);
  const said = things.flatMap((thing, at) => {
    const name = `the ${thing.colour} ${thing.shape}`;
    const colour = after(colours, thing.colour, 4 + at);
    return [`${name} turns ${colour}`, `${name} becomes a ${after(shapes, thing.shape, 2 + at)}`];
  });
  return said.slice(0, MOST);
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
