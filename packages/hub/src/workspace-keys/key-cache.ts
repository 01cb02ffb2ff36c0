type Entry = { key: Buffer; epoch: string }

/** Data keys in memory: at most `most`, the one that was least lately used going first, each overwritten when it goes. */
export function createKeyCache(most: number) {
  const entries = new Map<string, Entry>()

  function drop(name: string): void {
    entries.get(name)?.key.fill(0)
    entries.delete(name)
  }

  return {
    /** A copy of what was put under the same epoch of the workspace's gate, which has not moved since. */
    find(workspaceId: string, version: number, epoch: string): Buffer | null {
      const name = nameOf(workspaceId, version)
      const entry = entries.get(name)
      if (!entry) return null
      if (entry.epoch !== epoch) {
        drop(name)
        return null
      }
      entries.delete(name)
      entries.set(name, entry)
      // A copy: an entry is overwritten when it goes, and whoever asked may still be sealing by it.
      return Buffer.from(entry.key)
    },
    put(workspaceId: string, version: number, { key, epoch }: Entry): void {
      const name = nameOf(workspaceId, version)
      drop(name)
      // Memory of its own, not a part of the pool that all small buffers share.
      entries.set(name, { key: Buffer.alloc(key.length, key), epoch })
      for (const oldest of entries.keys()) {
        if (entries.size <= most) break
        drop(oldest)
      }
    },
    clear(): void {
      for (const name of entries.keys()) drop(name)
    },
    size: () => entries.size,
  }
}

function nameOf(workspaceId: string, version: number): string {
  return `${workspaceId} ${version}`
}
