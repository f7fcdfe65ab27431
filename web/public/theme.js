// Runs before the first paint, so that a light studio never flashes dark. A file of its own: the page forbids inline scripts.
document.documentElement.dataset.theme =
  localStorage.getItem("muybridge.theme") ?? (matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");
