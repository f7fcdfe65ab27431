import { create } from "zustand";

export type Theme = "dark" | "light";

type ThemeState = { readonly theme: Theme; readonly toggle: () => void };

/** The page is painted in its theme before this loads (public/theme.js); here it is changed and remembered. */
export const useTheme = create<ThemeState>((set, get) => ({
  theme: document.documentElement.dataset.theme === "light" ? "light" : "dark",
  toggle: () => {
    const theme = get().theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    localStorage.setItem("muybridge.theme", theme);
    set({ theme });
  },
}));
