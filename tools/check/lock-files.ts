import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const lockFiles = ['package-lock.json', 'tools/runtime/package-lock.json']

/** A lock file that names a registry installs from nowhere else. @returns the places that do, a line each; '' if none. */
export async function findLockFileFaults(root: string): Promise<string> {
  const faults = await Promise.all(lockFiles.map((path) => findAddresses(root, path)))
  return faults.flat().join('\n')
}

async function findAddresses(root: string, path: string): Promise<string[]> {
  const lines = (await readFile(join(root, path), 'utf8')).split('\n')
  return lines.flatMap((line, index) =>
    /"resolved": "[a-z+]+:\/\//.test(line) ? [`${path}:${index + 1}: names a registry: ${line.trim()}`] : [],
  )
}
