import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react(), tailwindcss()],
  resolve: { alias: { '#wire': fileURLToPath(new URL('../src/wire', import.meta.url)) } },
  build: { outDir: 'dist', emptyOutDir: true, modulePreload: { polyfill: false } },
});
