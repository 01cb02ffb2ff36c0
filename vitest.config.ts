import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { defineConfig } from 'vitest/config'

const globalSetup = [join(import.meta.dirname, 'packages/testing/src/global-setup.ts')].filter((path) => existsSync(path))

export default defineConfig({
  test: {
    slowTestThreshold: 5_000,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'apps/server/**/*.test.ts', 'apps/cli/**/*.test.ts', 'tools/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          globalSetup,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['apps/portal/e2e/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          globalSetup,
          // After the others, so that a browser's timings are not those of a machine under load.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
