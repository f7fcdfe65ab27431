/** Edits that can be taken back. Pure: a history is a value, each edit makes another. */
export type History<T> = { readonly past: readonly T[]; readonly present: T; readonly future: readonly T[] };

const KEPT = 200;

export const begin = <T>(present: T): History<T> => ({ past: [], present, future: [] });

export function edit<T>(history: History<T>, present: T): History<T> {
  if (present === history.present) return history;
  return { past: [...history.past.slice(-KEPT), history.present], present, future: [] };
}

export function undo<T>(history: History<T>): History<T> {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  return { past: history.past.slice(0, -1), present, future: [history.present, ...history.future] };
}

export function redo<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future };
}
