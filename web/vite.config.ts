import { fileURLToPath } from "node:url";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

// `npm run mock` answers the HTTP API from memory, so that pages can be worked on without the server.
function mockServer(): Plugin {
  return {
    name: "healthsync-mock",
    apply: "serve",
    async configureServer(server) {
      const { handle } = await import(new URL("./dev/mock.mjs", import.meta.url).href);
      server.middlewares.use((request, response, next) => {
        handle(request, response).then((answered: boolean) => answered || next(), next);
      });
    },
  };
}

const backend: string = process.env.HEALTHSYNC_URL ?? "http://127.0.0.1:8080";

export default defineConfig(({ mode }) => ({
  plugins: [
    tanstackRouter({ target: "react", autoCodeSplitting: true, quoteStyle: "double", semicolons: true }),
    react(),
    ...(mode === "mock" ? [mockServer()] : []),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // Nothing is inlined as data: URLs, because the content security policy names only 'self'.
  build: { target: "es2022", assetsInlineLimit: 0, manifest: true, modulePreload: { polyfill: false } },
  server: {
    host: "127.0.0.1",
    proxy: mode === "mock" ? undefined : { "/api": backend, "/fhir": backend, "/shl": backend },
  },
}));
