import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { checkPrefix } from '../object-key.ts'
import type { ListedObject } from '../object-store.ts'
import { onDisk } from './disk.ts'
import type { Places } from './places.ts'

/** Walks only the directories in which there can be such keys. Objects that come or go meanwhile may be in it or not. */
export async function* listObjects(places: Places, prefix: string): AsyncGenerator<ListedObject> {
  checkPrefix(prefix)
  for await (const workspaceId of workspacesOf(places, prefix)) {
    const directory = places.ofWorkspace(workspaceId)
    for (const shard of await namesIn(directory)) {
      for (const objectId of await namesIn(join(directory, shard))) {
        const key = `${workspaceId}/${objectId}`
        if (!key.startsWith(prefix)) continue
        const found = await onDisk(
          () => stat(join(directory, shard, objectId)),
          () => null,
        )
        if (found) yield { key, size: found.size, modifiedAt: found.mtime }
      }
    }
  }
}

async function* workspacesOf(places: Places, prefix: string): AsyncGenerator<string> {
  const [workspacePrefix = '', objectPrefix] = prefix.split('/')
  if (objectPrefix !== undefined) {
    if (workspacePrefix.length === 36) yield workspacePrefix
    return
  }
  for (const shard of await namesIn(places.stored)) {
    for (const workspaceId of await namesIn(join(places.stored, shard))) {
      if (workspaceId.startsWith(workspacePrefix)) yield workspaceId
    }
  }
}

export function namesIn(directory: string): Promise<string[]> {
  return onDisk(
    () => readdir(directory),
    () => [],
  )
}
