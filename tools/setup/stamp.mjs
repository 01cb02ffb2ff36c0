import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** @returns {any} the stamp's content, or undefined where there is none or half of one. */
export function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return undefined
  }
}

/** A stamp says that what lies beside it is complete, so it is written last and all at once. */
export function writeStamp(path, content) {
  const aside = `${path}.${process.pid}`
  writeFileSync(aside, `${JSON.stringify(content)}\n`)
  renameSync(aside, path)
}

/** The hash of the contents of files and of all files below folders; paths that do not exist count as empty. */
export function hashFiles(paths, isWanted = () => true) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap(listFiles).filter(isWanted)) {
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

function listFiles(path) {
  let entries
  try {
    if (!statSync(path).isDirectory()) return [path]
    entries = readdirSync(path, { withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)]))
}
