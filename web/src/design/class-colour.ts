/** One of eight class colours, by a class's place in its ontology, so that neighbours never look alike. Pure. */
export function classColour(name: string, names: readonly string[]): string {
  const place = names.indexOf(name);
  return `var(--class-${place === -1 ? 7 : place % 8})`;
}
