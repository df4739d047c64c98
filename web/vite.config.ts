/** How the workspace is built: into the Python package, with the heavy libraries in chunks of their own. */
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Libraries that only some panes need; each is imported with `import()` and lands in a chunk of its own. */
const LAZY_LIBRARIES = ["three", "uplot", "mediabunny"];

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: "../src/braid/_web",
    emptyOutDir: true,
    target: "es2023",
    // A strict content security policy allows neither inline scripts nor data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // scripts/check-size.mjs reads it to know what the first page loads.
    manifest: true,
    chunkSizeWarningLimit: 800,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: LAZY_LIBRARIES.map((name) => ({ name, test: new RegExp(`node_modules[\\\\/]${name}[\\\\/]`) })),
        },
      },
    },
  },
  server: {
    // `npm run dev` beside a running `braid serve`; the variable names another address.
    // The server compares Host and Origin, so the proxy leaves both as the browser sent them.
    proxy: { "/api": { target: process.env["BRAID_SERVER"] ?? "http://127.0.0.1:8000", changeOrigin: false } },
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}"],
    environment: "node",
    restoreMocks: true,
  },
});
