import { existsSync, readdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

import { SetupError, pathOutsideProject, root, runProgram, withProgress } from './process.mjs'
import { projectNode } from './runtime.mjs'
import { hashFiles, readStamp, writeStamp } from './stamp.mjs'

const portal = join(root, 'apps/portal')
// Vite empties dist before it writes, so a build that was interrupted has no stamp.
const stampPath = join(portal, 'dist/.freehold-build.json')
const notSources = new Set(['dist', 'e2e', 'node_modules'])

export function isPortalStale() {
  if (!existsSync(join(portal, 'index.html'))) return false
  const stamp = readStamp(stampPath)
  return !stamp || stamp.sources !== hashSources()
}

/** Builds the portal into apps/portal/dist. */
export async function buildPortal(node) {
  await withProgress('Building the portal', async () => {
    const before = hashSources()
    const program = projectNode(node)
    const { code, output } = await runProgram(program, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
      cwd: portal,
      env: { NODE_ENV: 'production', PATH: [dirname(program), pathOutsideProject()].join(delimiter) },
    })
    if (code !== 0) throw new SetupError(`${output.trim()}\nThe portal could not be built; the lines above say why.`)
    writeStamp(stampPath, { sources: before })
  })
}

function hashSources() {
  const own = readdirSync(portal).filter((name) => !notSources.has(name))
  const packages = ['contract', 'sdk', 'kit'].map((name) => join(root, 'packages', name, 'src'))
  const sources = [...own.sort().map((name) => join(portal, name)), ...packages, join(root, 'package-lock.json')]
  return hashFiles(sources, (path) => !/\.test\.tsx?$/.test(path))
}
