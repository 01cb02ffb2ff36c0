import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { normalizeUrl, readConfig } from './config.ts'
import { CommandFailure } from './framework/failure.ts'
import { readSecretFromInput } from './secret-input.ts'

export const defaultUrl = 'http://127.0.0.1:4100'
export type Credentials = { url: string; token: string | undefined; source: 'flag' | 'environment' | 'config' | 'operator-token' | 'none' }

/**
 * Address and credential, each from the first that has it: flag, environment, configuration. A kept credential is sent only to the
 * server that it was kept for. When nothing at all is set, the operator token of the checkout in this directory, for this machine's server.
 */
export async function findCredentials(given: { url: string | undefined; token: string | undefined }): Promise<Credentials> {
  const env = { url: process.env.FREEHOLD_URL || undefined, token: process.env.FREEHOLD_TOKEN || undefined }
  const config = await readConfig()
  const named = given.url ?? env.url ?? config.current ?? undefined
  const url = normalizeUrl(named ?? defaultUrl)

  if (given.token !== undefined) return { url, token: given.token === '-' ? await readSecretFromInput() : given.token, source: 'flag' }
  if (env.token !== undefined) return { url, token: env.token, source: 'environment' }
  const kept = config.servers[url]?.token
  if (kept !== undefined) return { url, token: kept, source: 'config' }
  const token = named === undefined ? await readOperatorToken() : undefined
  return { url, token, source: token === undefined ? 'none' : 'operator-token' }
}

async function readOperatorToken(): Promise<string | undefined> {
  const path = join('.freehold', 'operator-token')
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return ''
    throw new CommandFailure(
      'unauthenticated',
      `./${path} cannot be read: ${error.message}`,
      'freehold login signs in with a token of your own.',
    )
  })
  return text.trim() || undefined
}
