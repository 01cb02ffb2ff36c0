import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { readOrCreatePrivateFile, StartupError } from '@freehold/db'
import type { RootKeys } from '../root-keys/index.ts'

const fileName = 'audit-signing-key.pem'
// An Ed25519 private key in PKCS #8 is this, then its 32-byte seed (RFC 8410).
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The Ed25519 key that signs chain heads. Throws `sealed` where it cannot be had at the moment. */
export type SigningKey = () => KeyObject

/** The one that all processes share, which the root key seals. */
export function sharedSigningKey(roots: Pick<RootKeys, 'lasting'>): SigningKey {
  let opened: { seed: Buffer; key: KeyObject } | undefined
  return () => {
    const seed = roots.lasting('audit chain heads')
    if (opened === undefined || !opened.seed.equals(seed)) opened = { seed, key: keyOfSeed(seed) }
    return opened.key
  }
}

/** The seed of 32 bytes that an Ed25519 private key is made from. */
export function seedOf(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'pkcs8' }).subarray(pkcs8Prefix.length)
}

/** The Ed25519 private key of a seed of 32 bytes. */
export function keyOfSeed(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}

/** The key in a file of `dataDir`, which the first start makes. Throws StartupError when the file holds no such key. */
export function readSigningKey(dataDir: string): KeyObject {
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
