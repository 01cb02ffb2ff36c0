import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { configPath } from './config.ts'

// A file each, so that two commands at once do not overwrite what the other noted. None holds a secret.
const placeOf = (key: string) => join(dirname(configPath()), 'uploads', key)

/** The id of an upload that an earlier command began; undefined where none is known. */
export async function rememberedUpload(key: string): Promise<string | undefined> {
  const text = await readFile(placeOf(key), 'utf8').catch(() => '')
  return text.trim() || undefined
}

export async function rememberUpload(key: string, id: string): Promise<void> {
  await mkdir(dirname(placeOf(key)), { recursive: true, mode: 0o700 })
  await writeFile(placeOf(key), id, { mode: 0o600 })
}

export async function forgetUpload(key: string): Promise<void> {
  await rm(placeOf(key), { force: true })
}
