import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

import { printLine, runProgram, withProgress } from './process.mjs'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Sees to a Chromium for the browser tests. Its absence is not an error here: those tests say so themselves, and the others can run. */
export async function ensureChromium() {
  if (process.env.CHROMIUM_PATH || names.some(findOnPath)) return
  if (!findOnPath('apt-get') || process.getuid() !== 0) {
    printLine(
      'The browser tests need Chromium and this machine has none: install it, or name one in CHROMIUM_PATH. The other tests run without.',
    )
    return
  }
  await withProgress('Installing Chromium for the browser tests (first run, about a minute)', installChromium)
}

async function installChromium() {
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await runProgram('apt-get', ['update', '-qq'], { env })
  const { code, output } = await runProgram('apt-get', ['install', '-qq', '-y', '--no-install-recommends', 'chromium'], { env })
  if (code !== 0) printLine(`${output.trim()}\nChromium could not be installed, so the browser tests will fail; the lines above say why.`)
}

function findOnPath(name) {
  const folders = (process.env.PATH || '').split(delimiter)
  return [...folders, '/usr/bin'].map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch (error) {
    return false
  }
}
