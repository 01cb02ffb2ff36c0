import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { CommandFailure } from './framework/failure.ts'

/** Servers that the user signed in to, and the one that is meant when none is named. */
export type Config = { current: string | null; servers: Record<string, { token: string }> }

export function configPath(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'freehold', 'config.json')
}

export async function readConfig(): Promise<Config> {
  const path = configPath()
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}'
    throw new CommandFailure('failed', `${path} cannot be read: ${error.message}`)
  })
  try {
    const { current = null, servers = {} }: Partial<Config> = JSON.parse(text)
    return { current, servers }
  } catch {
    throw new CommandFailure('failed', `${path} is not JSON.`, 'Mend it or delete it, then freehold login.')
  }
}

/** Written beside and renamed, readable by its owner alone from its first byte on. */
export async function writeConfig(config: Config): Promise<void> {
  const path = configPath()
  const aside = `${path}.${process.pid}`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await writeFile(aside, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
    await rename(aside, path)
  } catch (error) {
    await rm(aside, { force: true })
    throw error
  }
}

/** The form in which a server is kept and compared. Fails on what is no address of a server. */
export function normalizeUrl(text: string): string {
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) throw new CommandFailure('usage', `"${text}" is no http or https address.`)
  if (url.username || url.password) throw new CommandFailure('usage', 'An address with a password in it ends up in logs. Use --token.')
  return url.origin + url.pathname.replace(/\/+$/, '')
}
