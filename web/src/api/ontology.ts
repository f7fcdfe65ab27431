/** The classes of an ontology. They are open JSON in the schema, since shapes come as plugins; read here, once. Pure. */
export type OntologyClass = { readonly name: string; readonly shapes: readonly string[] };

export function classesFrom(classes: readonly { readonly [field: string]: unknown }[]): OntologyClass[] {
  return classes.flatMap(({ name, shapes }) =>
    typeof name === "string" ? [{ name, shapes: Array.isArray(shapes) ? shapes.map(String) : [] }] : [],
  );
}

export function plainClasses(classes: readonly OntologyClass[]): { [field: string]: unknown }[] {
  return classes.map(({ name, shapes }) => ({ name, shapes: [...shapes] }));
}
