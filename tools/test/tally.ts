import type { TestModule } from 'vitest/node'

export type Tally = { passed: number; failed: number; skipped: number }

/**
 * Counts test cases. What fails outside of one counts as a failure of its own, or a file that cannot be loaded would
 * go unseen: a module or suite with an error (import, beforeAll, afterAll), and each error that nobody caught.
 */
export function tallyModules(modules: readonly TestModule[], unhandledErrors: number): Tally {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
  let cutShort = 0
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'pending') cutShort += 1
      else tally[state] += 1
    }
    for (const suite of [module, ...module.children.allSuites()]) {
      if (suite.errors().length > 0) tally.failed += 1
    }
  }
  // A worker that died is one error and leaves its tests pending: the larger number tells it all, the sum would tell it twice.
  tally.failed += Math.max(cutShort, unhandledErrors)
  return tally
}

export function formatTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
