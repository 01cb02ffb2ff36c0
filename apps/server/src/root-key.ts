import { readOrCreatePrivateFile, StartupError, writePrivateFile } from '@freehold/db'
import { createAwsKms, createTransitKms, type Kms } from '@freehold/drivers'
import { type RotatingSources, wrapContext } from '@freehold/hub'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config, KmsConfig } from './config.ts'

export type RootKeyConfig = Pick<Config, 'dataDir' | 'rootKey' | 'previousRootKey' | 'rootKeyFile' | 'kms' | 'previousKms'>

const keyLength = 32

/**
 * Root keys as the configuration says: a KMS, the environment, or a file with a key in base64 on each line, which the first start makes.
 * All of them are looked at for keys that still open something; the first that is configured makes new ones.
 */
export function createRootKeySources(config: RootKeyConfig, auditSeed: () => Buffer | null): RotatingSources & { close(): void } {
  const path = config.rootKeyFile ?? join(config.dataDir, 'root-key')
  const kms = [config.kms, config.previousKms].filter((one) => one !== null).map(openKms)
  const fromEnvironment = [config.rootKey, config.previousRootKey].filter((key) => key !== null)
  const [wrapper] = kms

  return {
    kms,
    auditSeed,
    advice: `Bring back ${path} from a backup, or set FREEHOLD_ROOT_KEY${config.rootKey ? ' and FREEHOLD_ROOT_KEY_PREVIOUS' : ''} to the key that was used.`,
    given: () => [...fromEnvironment, ...readFile(path)],
    first(isFresh) {
      if (wrapper && isFresh) return null
      // Where something may have been signed already, by the key that was used until now.
      const [found] = config.rootKey ? [config.rootKey] : readFile(path)
      if (found || wrapper) return found ?? null
      return parse(
        readOrCreatePrivateFile(path, () => toText([randomBytes(keyLength)])),
        path,
      )[0]!
    },
    async make(version, isLive) {
      const key = randomBytes(keyLength)
      if (config.kms) return { key, kms: wrapper!.name, wrapped: await wrapper!.wrap(key, wrapContext(version)) }
      if (config.rootKey) {
        if (isLive(config.rootKey)) throw new StartupError(howToRotate)
        return { key: config.rootKey, kms: null, wrapped: null }
      }
      // What is in the file and is no version's was left by a rotation that ended before it began, or after it ended.
      writePrivateFile(path, toText([key, ...readFile(path).filter(isLive)]))
      return { key, kms: null, wrapped: null }
    },
    keep(isLive) {
      const keys = readFile(path)
      const live = keys.filter(isLive)
      if (live.length === keys.length) return
      if (live.length > 0) writePrivateFile(path, toText(live))
      else rmSync(path)
    },
    close: () => kms.forEach((one) => one.close()),
  }
}

const howToRotate =
  'Set FREEHOLD_ROOT_KEY to a new key, such as `openssl rand -base64 32` prints, and FREEHOLD_ROOT_KEY_PREVIOUS to the one until now, ' +
  'for every server; start them anew; then run this again with the same environment.'

function openKms(config: KmsConfig): Kms {
  return config.kind === 'aws' ? createAwsKms(config) : createTransitKms(config)
}

function readFile(path: string): Buffer[] {
  return existsSync(path) ? parse(readFileSync(path, 'utf8'), path) : []
}

function parse(text: string, path: string): Buffer[] {
  const keys = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => Buffer.from(line.trim(), 'base64'))
  if (keys.length > 0 && keys.every((key) => key.length === keyLength)) return keys
  throw new StartupError(`${path} does not hold 32 bytes in base64. Restore it from a backup: without it sealed values cannot be read.`)
}

function toText(keys: readonly Buffer[]): string {
  return keys.map((key) => `${key.toString('base64')}\n`).join('')
}
