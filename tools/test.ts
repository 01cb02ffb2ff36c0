// `npm test`: runs vitest with whatever arguments follow (a path, -t, --project), and says in its very last line what came of it.
import { resolve } from 'node:path'
import { parseCLI, startVitest } from 'vitest/node'

import { type Tally, formatTally, tallyModules } from './test/tally.ts'

async function runTests(args: string[]): Promise<Tally> {
  const { filter, options } = parseCLI(['vitest', 'run', ...args])
  const vitest = await startVitest(filter, { silent: 'passed-only', root: resolve(import.meta.dirname, '..'), ...options, watch: false })
  const tally = tallyModules(vitest.state.getTestModules(), vitest.state.getUnhandledErrors().length)
  await vitest.close()
  // A set-up that failed, or a filter that no file matches, leaves nothing to count but vitest's own verdict.
  const nothingCounted = tally.failed === 0 && Boolean(process.exitCode)
  return nothingCounted ? { ...tally, failed: 1 } : tally
}

const tally = await runTests(process.argv.slice(2)).catch((error: unknown): Tally => {
  console.error(error)
  return { passed: 0, failed: 1, skipped: 0 }
})

// Whatever a test left running must neither hold the process open nor print after this line.
process.stdout.write(`${formatTally(tally)}\n`, () => process.exit(tally.failed > 0 || tally.passed === 0 ? 1 : 0))
