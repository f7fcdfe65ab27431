import type { OntologyClass } from "@/api/ontology";
import { classColour } from "@/design/class-colour";

export function ClassChips({ classes }: { readonly classes: readonly OntologyClass[] }) {
  if (classes.length === 0) return null;
  const names = classes.map((known) => known.name);
  return (
    <div className="chips">
      {classes.map((known) => (
        <span key={known.name} className="chip" title={known.shapes.join(", ")}>
          <i style={{ background: classColour(known.name, names) }} />
          {known.name}
        </span>
      ))}
    </div>
  );
}
