import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = "http://127.0.0.1:8400";

export default defineConfig({
  plugins: [react()],
  resolve: { tsconfigPaths: true },
  // The Python server hands out the studio, so the build lands inside the package and travels in the wheel.
  build: {
    outDir: "../src/muybridge/studio",
    emptyOutDir: true,
    target: "es2023",
    chunkSizeWarningLimit: 700,
  },
  server: { port: 5173, proxy: { "/v1": server, "/media": server } },
  test: { environment: "node", include: ["src/**/*.test.ts"] },
});
