// Builds the main process, its workers and the command line (ES modules in out/main), the sandboxed preload
// (CommonJS in out/preload) and the window (out/renderer). Dependencies of package.json stay outside the bundles.
import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'

// The lowest runtime that must run the result: Electron 33 (Node 20.18, Chromium 130).
export default defineConfig({
  main: {
    build: {
      target: 'node20.18',
      sourcemap: true,
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          index: 'src/main/index.ts',
          cli: 'src/cli/main.ts',
          workerEngine: 'src/main/worker/engine.ts',
          workerJobs: 'src/main/worker/jobs.ts',
          threadAugment: 'src/main/worker/augment/thread.ts',
        },
        // Entries and chunks lie in one folder, so that a worker's file is beside whichever chunk starts it.
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      target: 'node20.18',
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [vue()],
    build: { target: 'chrome130', rolldownOptions: { input: resolve('src/renderer/index.html') } },
  },
})
