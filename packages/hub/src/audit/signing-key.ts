import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readOrCreatePrivateFile, StartupError } from '@freehold/db'
import { deriveKey } from '@freehold/kit'

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
  return keyOfSeed(deriveKey(rootKey, 'audit chain heads'))
}

/** The Ed25519 private key of a seed of 32 bytes. */
export function keyOfSeed(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}

function readSigningKey(dataDir: string): KeyObject {
  const path = join(dataDir, fileName)
  mkdirSync(dataDir, { recursive: true })
  const pem = readOrCreatePrivateFile(path, newPem)
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

function newPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
}
