/** The order of the studio's folders, and its habits, held by a test as the server's are by its import linter. */
import { describe, expect, it } from "vitest";

const sources = import.meta.glob<string>("../**/*.{ts,tsx}", {
  query: "?raw",
  import: "default",
  eager: true,
});
const own = Object.entries(sources)
  .map(([path, text]) => ({ path: path.replace("../", ""), text }))
  .filter(({ path }) => path !== "api/schema.d.ts" && !path.startsWith("testing/"));

/** What each folder may import; everything may import design, units and packages. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  design: [],
  timeline: [],
  player: [],
  annotate: [],
  api: [],
  features: ["api", "player", "timeline", "annotate"],
  app: ["api", "features"],
};

const importsOf = (text: string) =>
  [...text.matchAll(/from "@\/([^"]+)"|import\("@\/([^"]+)"\)/g)].map((m) => m[1] ?? m[2] ?? "");

describe("the studio's folders", () => {
  it("import only what stands below them, and features never each other", () => {
    const faults = own.flatMap(({ path, text }) => {
      const [folder = "", feature = ""] = path.split("/");
      const below = allowed[folder];
      if (below === undefined || path.endsWith(".test.ts")) return [];
      return importsOf(text).flatMap((target) => {
        const [other = "", otherFeature = ""] = target.split("/");
        const isOwn = other === folder && (folder !== "features" || otherFeature === feature);
        return isOwn || other === "design" || other === "units" || below.includes(other)
          ? []
          : [`${path} -> ${target}`];
      });
    });
    expect(faults).toEqual([]);
  });

  it("hold no file that a reader would get lost in", () => {
    expect(own.filter(({ text }) => text.split("\n").length > 250).map(({ path }) => path)).toEqual([]);
  });

  it("assert types in the makers of units and nowhere else", () => {
    const asserted = own.filter(
      ({ path, text }) => path !== "units.ts" && /\)? as (?!const\b)[A-Za-z{]+[<\w]*[;,)\]]/.test(code(text)),
    );
    expect(asserted.map(({ path }) => path)).toEqual([]);
  });
});

/** A source without its imports, comments and strings. */
function code(text: string): string {
  return text
    .replace(/^(import|export) [^;]*? from "[^"]+";/gm, "")
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")
    .replace(/`[^`]*`|"[^"\n]*"/g, '""');
}
