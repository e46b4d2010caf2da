// Builds the main process, its workers and the command line (ES modules in out/main), the sandboxed preload
// (CommonJS in out/preload) and the window (out/renderer).
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type UserConfig } from 'electron-vite'

const mainEntries = {
  index: 'src/main/index.ts',
  cli: 'src/cli/main.ts',
  workerEngine: 'src/main/worker/engine.ts',
  workerJobs: 'src/main/worker/jobs.ts',
}

const preloadEntries = { index: 'src/preload/index.ts' }
const page = 'src/renderer/index.html'

function existing(entries: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)))
}

// The lowest runtime that must run the result: Electron 33 (Node 20.18, Chromium 130).
const main: UserConfig['main'] = {
  build: {
    target: 'node20.18',
    sourcemap: true,
    externalizeDeps: true,
    rolldownOptions: {
      input: existing(mainEntries),
      // Entries and chunks lie in one folder, so that a worker's file is beside whichever chunk starts it.
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
}

const preload: UserConfig['preload'] = {
  build: {
    target: 'node20.18',
    externalizeDeps: false,
    rolldownOptions: {
      input: existing(preloadEntries),
      output: { format: 'cjs', entryFileNames: '[name].cjs' },
    },
  },
}

const renderer: UserConfig['renderer'] = {
  root: 'src/renderer',
  plugins: [vue()],
  build: { target: 'chrome130', rolldownOptions: { input: resolve(page) } },
}

export default defineConfig({
  ...(Object.keys(existing(mainEntries)).length > 0 && { main }),
  ...(Object.keys(existing(preloadEntries)).length > 0 && { preload }),
  ...(existsSync(page) && { renderer }),
})
