import { defineConfig } from '@playwright/test'

/** End-to-end tests drive the real app, one window at a time: the engine wants both cores. */
export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'out/test/e2e',
  workers: 1,
  fullyParallel: false,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  retries: 0,
  reporter: 'list',
})
