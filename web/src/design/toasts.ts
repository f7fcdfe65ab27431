import { create } from "zustand";

export type Toast = {
  readonly id: number;
  readonly tone: "ok" | "bad";
  readonly title: string;
  readonly detail?: string;
};

type Toasts = { readonly toasts: readonly Toast[]; readonly dismiss: (id: number) => void };

let nextId = 1;

export const useToasts = create<Toasts>((set) => ({
  toasts: [],
  dismiss: (id) => set((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) })),
}));

/** Says something in the corner for a few seconds; what went wrong stays longer. */
export function say(tone: Toast["tone"], title: string, detail?: string): void {
  const toast: Toast = { id: nextId++, tone, title, ...(detail === undefined ? {} : { detail }) };
  useToasts.setState((state) => ({ toasts: [...state.toasts.slice(-3), toast] }));
  setTimeout(() => useToasts.getState().dismiss(toast.id), tone === "bad" ? 9000 : 3500);
}

export function sayError(error: unknown): void {
  const remedy = typeof error === "object" && error !== null && "remedy" in error ? error.remedy : undefined;
  say(
    "bad",
    error instanceof Error ? error.message : "Something went wrong.",
    typeof remedy === "string" ? remedy : undefined,
  );
}
