import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), tailwindcss()],
  resolve: {
    alias: {
      '#wire': fileURLToPath(new URL('../src/wire', import.meta.url)),
      // Not for the page itself: wire's schemas name roles and permissions of core.
      '#core': fileURLToPath(new URL('../src/core', import.meta.url)),
    },
  },
  // No data: addresses: the policy of the page allows files of its own server only.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // Shapes of messages do nothing by being there: a page loads those that it reads, not all of them.
    rolldownOptions: {
      treeshake: { moduleSideEffects: [{ test: /\/src\/(?:wire|core)\//, sideEffects: false }] },
    },
  },
});
