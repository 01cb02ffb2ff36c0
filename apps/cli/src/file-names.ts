import type { File } from '@freehold/contract'
import { isUuid } from '@freehold/kit'
import type { Client } from '@freehold/sdk'
import { CommandFailure } from './framework/failure.ts'

/** A file by its id, or by its whole name. */
export async function requireFile(sdk: Client, workspaceId: string, word: string): Promise<File> {
  if (isUuid(word)) return sdk.getFile({ workspace_id: workspaceId, file_id: word })
  for await (const file of sdk.listFiles({ workspace_id: workspaceId, prefix: word, limit: 1 })) {
    if (file.name === word.normalize('NFC')) return file
    break
  }
  throw new CommandFailure('notFound', `There is no file "${word}".`, 'freehold file list --recursive shows all.')
}

/** The last part of a path: what comes from elsewhere never chooses a folder here. */
export function labelOf(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '' && part !== '.' && part !== '..') ?? 'file'
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function shownSize(bytes: number | null): string | null {
  if (bytes === null) return null
  const power = Math.min(units.length - 1, bytes === 0 ? 0 : Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** power
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`
}
