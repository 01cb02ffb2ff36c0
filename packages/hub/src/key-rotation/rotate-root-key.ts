import { type OwnerReads, type ReadPool, StartupError, type WritePool } from '@freehold/db'
import type { Clock } from '@freehold/kit'
import {
  addRootKey,
  isRootKeyOf,
  type NewRootKey,
  type OpenedRootKeys,
  resealLastingKeys,
  retireRootKey,
  type RootKeySources,
} from '../root-keys/index.ts'
import { resealTotp } from '../second-factor/index.ts'
import { rewrapWorkspaceKeys } from '../workspace-keys/index.ts'
import { lockRotation } from './queries.ts'

/** Where new root keys come from, and go to when nothing needs them any more. */
export type RotatingSources = RootKeySources & {
  /** The key of a new version, where it must be kept kept already. Throws StartupError with what the operator has to do first. */
  make(version: number, isLive: (key: Buffer) => boolean): Promise<NewRootKey>
  /** Drops the keys that are no version's any more from where Freehold itself keeps them. */
  keep(isLive: (key: Buffer) => boolean): void
}

type Deps = {
  owner: OwnerReads
  reads: ReadPool
  writes: WritePool
  roots: OpenedRootKeys
  sources: RotatingSources
  clock: Clock
}

/**
 * Makes a new version of the root key, seals under it whatever the root key seals, and retires the older ones. Servers may work
 * meanwhile. After an end by force it goes on where it was. Throws StartupError where a key is missing. Answers the new version.
 */
export async function rotateRootKey(deps: Deps, { batch, onProgress }: { batch: number; onProgress(line: string): void }): Promise<number> {
  const { roots } = deps
  if (!(await lockRotation(deps.owner))) throw new StartupError('Another rotation of the root key is at work.')
  await roots.reload()
  await addVersion(deps, onProgress)
  const root = roots.newest()
  const older = roots.status().versions.filter(({ version }) => version < root.version)
  let [keys, secrets] = [0, 0]
  for (let left = older; left.length > 0;) {
    for (let count = 1; count > 0;) {
      count = await rewrapWorkspaceKeys(deps, root, batch)
      keys += count
      if (count > 0) onProgress(`Wrapped ${keys} data keys of workspaces anew.`)
    }
    for (let count = 1; count > 0;) {
      count = await resealTotp(deps, root, batch)
      secrets += count
      if (count > 0) onProgress(`Sealed ${secrets} secrets of authenticator apps anew.`)
    }
    await resealLastingKeys(deps, roots, root)
    const kept = await Promise.all(left.map(async ({ version }) => !(await retireRootKey(deps, version))))
    left = left.filter((_, index) => kept[index])
  }
  await roots.reload()
  deps.sources.keep(await isRootKeyOf(deps.reads))
  return root.version
}

async function addVersion({ roots, reads, writes, sources, clock }: Deps, onProgress: (line: string) => void): Promise<void> {
  const { sealed, why, versions } = roots.status()
  if (sealed) throw new StartupError(why ?? 'The root key could not be had.')
  const newest = versions[0]!.version
  if (versions.length > 1) return onProgress(`Going on with the rotation to root key version ${newest}.`)
  const made = await sources.make(newest + 1, await isRootKeyOf(reads))
  await addRootKey({ writes, clock }, newest + 1, made)
  await roots.reload()
  const now = roots.status()
  if (now.sealed) throw new StartupError(now.why ?? 'The new root key could not be had.')
  onProgress(`Made root key version ${newest + 1}.`)
}
