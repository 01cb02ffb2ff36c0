// Runs before `npm start`, `npm test` and `npm run check`, also on a machine whose Node.js is too old for the rest of the project. So this file and
// tools/setup/ are plain JavaScript that Node.js 14 understands, and need nothing installed.
//
//   --test          also see to a Chromium for the browser tests
//   --only-install  leave the portal alone
import { ensureChromium } from './setup/chromium.mjs'
import { findMissingInstalls, installDependencies } from './setup/dependencies.mjs'
import { withSetupLock } from './setup/lock.mjs'
import { buildPortal, isPortalStale } from './setup/portal.mjs'
import { SetupError, printLine } from './setup/process.mjs'
import { findMachineNode, isNodeLinkRight, setNodeLink } from './setup/runtime.mjs'

/** Everything already in place is seen without the lock, because that is what nearly every run finds. */
async function prepare(options) {
  const node = findMachineNode()
  const isReady = () => findMissingInstalls(node).length === 0 && isNodeLinkRight(node) && !(options.portal && isPortalStale())
  if (isReady()) return

  await withSetupLock(async () => {
    await installDependencies(node)
    await setNodeLink(node)
    if (options.portal && isPortalStale()) await buildPortal(node)
  })
}

async function main() {
  const args = process.argv.slice(2)
  await prepare({ portal: !args.includes('--only-install') })
  if (args.includes('--test')) await ensureChromium()
}

main().catch((error) => {
  printLine(error instanceof SetupError ? error.message : error.stack)
  process.exitCode = 1
})
