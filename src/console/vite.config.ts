/** Builds the console into dist/console, from where the collector serves it. Everything is in the build: the duty room has no internet. */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('.'),
  plugins: [react()],
  // Relative addresses, so that the console also works behind a path of a proxy.
  base: './',
  build: {
    outDir: at('../../dist/console'),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            {
              name: 'drawing',
              test: /node_modules\/(konva|react-konva|react-reconciler|its-fine)\//,
            },
          ],
        },
      },
    },
  },
});
