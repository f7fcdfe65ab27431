import type { OntologyClass } from "@/api/ontology";
import { classColour } from "@/design/words";

export function ClassChips({ classes }: { readonly classes: readonly OntologyClass[] }) {
  return (
    <div className="chips">
      {classes.map((known) => (
        <span key={known.name} className="chip" title={known.shapes.join(", ")}>
          <i style={{ background: classColour(known.name) }} />
          {known.name}
        </span>
      ))}
    </div>
  );
}
