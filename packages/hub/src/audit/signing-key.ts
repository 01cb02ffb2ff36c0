import { createPrivateKey, generateKeyPairSync, hkdfSync, type KeyObject, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { StartupError } from '@freehold/db'

const fileName = 'audit-signing-key.pem'
// An Ed25519 private key in PKCS #8 is this, then its 32-byte seed (RFC 8410).
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * The Ed25519 key that signs chain heads. It comes from the root key (at least 32 bytes) where there is one, so that all processes
 * of an installation sign alike; otherwise from a file in `dataDir`, which the first start creates.
 * Throws StartupError when the file is not such a key.
 */
export function loadSigningKey(source: { dataDir: string; rootKey?: Uint8Array | undefined }): KeyObject {
  return source.rootKey ? deriveSigningKey(source.rootKey) : readSigningKey(source.dataDir)
}

function deriveSigningKey(rootKey: Uint8Array): KeyObject {
  if (rootKey.byteLength < 32) throw new StartupError('The root key is shorter than 32 bytes.')
  const seed = Buffer.from(hkdfSync('sha256', rootKey, '', 'freehold audit chain heads', 32))
  return keyOfSeed(seed)
}

/** The Ed25519 private key of a seed of 32 bytes. */
export function keyOfSeed(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}

function readSigningKey(dataDir: string): KeyObject {
  const path = join(dataDir, fileName)
  const pem = readIfPresent(path) ?? createFile(dataDir, path)
  let key
  try {
    key = createPrivateKey(pem)
  } catch (error) {
    throw new StartupError(`${path} is not a private key. Restore it from a backup; without it the signed audit heads cannot be checked.`, {
      cause: error,
    })
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw new StartupError(`${path} holds a key of another kind than Ed25519. Restore it from a backup.`)
  return key
}

function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

// Written whole under another name, then linked: nobody reads half a key, and of two first starts one wins for both.
function createFile(dataDir: string, path: string): string {
  mkdirSync(dataDir, { recursive: true })
  const draft = `${path}.${randomUUID()}`
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })
  try {
    const file = openSync(draft, 'wx', 0o600)
    writeSync(file, pem.toString())
    fsyncSync(file)
    closeSync(file)
    linkSync(draft, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(path, 'utf8')
}
