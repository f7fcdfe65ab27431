/** The facts of an event in one line. Pure. */
import { shortId } from "@/design/words";

const ID = /^[a-z]{3}_[0-9a-z]{26}$/;

/** Short facts first, so that a list of ids does not push what matters off the line; ids as they are called elsewhere. */
export function factsInWords(facts: { readonly [name: string]: unknown }): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name} ${inWords(value)}`)
    .toSorted((a, b) => a.length - b.length)
    .join(" · ");
}

function inWords(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return ID.test(value) ? shortId(value) : value;
}
