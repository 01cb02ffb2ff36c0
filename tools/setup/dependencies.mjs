import { existsSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { SetupError, root, runProgram, withProgress } from './process.mjs'
import { hashFiles, readStamp, writeStamp } from './stamp.mjs'

const packages = { folder: root, title: 'Installing dependencies', seconds: 20, command: ['ci'] }
const runtime = { folder: join(root, 'tools/runtime'), title: 'Fetching Node.js 24 for this project', seconds: 10, command: ['ci'] }

/** What npm still has to install for this machine. */
export function findMissingInstalls(node) {
  return (node.isOld ? [runtime, packages] : [packages]).filter((install) => !isInstalled(install))
}

export async function installDependencies(node) {
  for (const install of findMissingInstalls(node)) {
    const first = readStamp(hiddenLockPath(install)) === undefined
    await withProgress(`${install.title} (${first ? 'first run' : 'they changed'}, about ${install.seconds} s)`, () =>
      runNpm(install, node),
    )
  }
}

function isInstalled(install) {
  const lock = hashFiles([lockPath(install)])
  const stamp = readStamp(stampPath(install))
  if (stamp && stamp.lock === lock) return true
  // `npm install` by hand leaves no stamp of ours, but its own record, written when it has finished.
  if (!matchesHiddenLock(install)) return false
  writeStamp(stampPath(install), { lock })
  return true
}

function matchesHiddenLock(install) {
  const hidden = readStamp(hiddenLockPath(install))
  const wanted = readStamp(lockPath(install))
  if (!hidden || !wanted) return false
  return Object.keys(wanted.packages).every((key) => {
    if (key === '') return true
    const [here, there] = [hidden.packages[key], wanted.packages[key]]
    // A package for another platform is optional and absent.
    return here ? here.version === there.version && here.integrity === there.integrity : there.optional || there.devOptional
  })
}

async function runNpm(install, node) {
  const [command, ...first] = npmCommand(node)
  emptyFolder(join(install.folder, 'node_modules'))
  const args = [
    ...first,
    ...install.command,
    '--prefix',
    install.folder,
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
  ]
  const { code, output } = await runProgram(command, args, { cwd: install.folder, stderr: 'inherit' })
  if (code !== 0) {
    const reason = output.trim() || `The lines above are npm's.`
    throw new SetupError(
      `npm ended with code ${code} in ${install.folder}. ${reason}\nMend what they name, then run the same command again.`,
    )
  }
  writeStamp(stampPath(install), { lock: hashFiles([lockPath(install)]) })
}

/** The folder itself stays: it may be a mount point. */
function emptyFolder(path) {
  if (!existsSync(path)) return
  for (const name of readdirSync(path)) rmSync(join(path, name), { recursive: true, force: true })
}

/** The npm that runs us, on the machine's Node.js; without one, the npm on PATH. */
function npmCommand(node) {
  const path = process.env.npm_execpath
  if (!path || !/npm-cli\.c?js$/.test(path)) return ['npm']
  const { version = '7' } = readStamp(join(dirname(path), '../package.json')) || {}
  if (Number(version.split('.')[0]) < 7)
    throw new SetupError(`npm ${version} is too old to read the lock file. Install Node.js 24, which brings a newer one.`)
  return [node.path, path]
}

function lockPath(install) {
  return join(install.folder, 'package-lock.json')
}

function hiddenLockPath(install) {
  return join(install.folder, 'node_modules/.package-lock.json')
}

// In node_modules, which is emptied first: an interrupted install therefore has no stamp.
function stampPath(install) {
  return join(install.folder, 'node_modules/.freehold-setup.json')
}
