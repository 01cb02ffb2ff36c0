import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { StartupError } from '../startup-error.ts'
import { readIfPresent, writePrivateFile } from '../private-file.ts'

/** What a data directory remembers of its server. `cluster` is relative to it, or absolute when the files had to go elsewhere. */
export type State = { cluster?: string; port?: number }

/** 256 bits each. The superuser is for our own upkeep; nothing connects as it in daily work. */
export type Passwords = { superuser: string; owner: string }

const stateFile = (dataDir: string) => path.join(dataDir, 'postgres.json')
const passwordFile = (dataDir: string) => path.join(dataDir, 'postgres-passwords.json')

export function readState(dataDir: string): State {
  const { cluster, port } = readJson(stateFile(dataDir)) ?? {}
  return {
    ...(typeof cluster === 'string' ? { cluster } : {}),
    ...(typeof port === 'number' ? { port } : {}),
  }
}

/** Writes only on a change: a warm start costs no sync. */
export function writeState(dataDir: string, state: State) {
  const text = `${JSON.stringify(state)}\n`
  if (readIfPresent(stateFile(dataDir)) !== text) writePrivateFile(stateFile(dataDir), text)
}

export function readPasswords(dataDir: string): Passwords | undefined {
  const { superuser, owner } = readJson(passwordFile(dataDir)) ?? {}
  return typeof superuser === 'string' && typeof owner === 'string' ? { superuser, owner } : undefined
}

export function writePasswords(dataDir: string, passwords: Passwords) {
  writePrivateFile(passwordFile(dataDir), `${JSON.stringify(passwords)}\n`)
}

export function mintPasswords(): Passwords {
  const mint = () => randomBytes(32).toString('base64url')
  return { superuser: mint(), owner: mint() }
}

function readJson(file: string): Record<string, unknown> | undefined {
  const text = readIfPresent(file)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch {
    // Falls through: what is no JSON and what is no object get the same answer.
  }
  throw new StartupError(`${file} is damaged: restore it from a backup, or delete it and start again (no data is lost).`)
}
