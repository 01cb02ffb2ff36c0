import { randomBytes } from 'node:crypto'
import type { ReadPool, WritePool } from '@freehold/db'
import type { Kms } from '@freehold/drivers'
import type { Clock } from '@freehold/kit'
import { insertRootKey, isFresh, listRootKeys, type RootKeyRow, updateCheck } from './queries.ts'
import { createRootKey, isOwnCheck, keyLength, opensCheck, sealCheck } from './root-key.ts'
import type { RootKey, RootKeySources } from './types.ts'

export type LoadDeps = { reads: ReadPool; writes: WritePool; sources: RootKeySources; clock: Clock }
/** The versions that there are, the keys of those that could be had, and why another could not. */
export type Loaded = { rows: RootKeyRow[]; held: Map<number, RootKey>; why: string | null; isFresh: boolean }

/** Root keys are of the installation, so no tenant's scope is needed to read which there are. */
export const rootScope = { proof: { installation_id: '' } }

/**
 * Finds the key of every version. `known` are those that need not be looked for again. Makes the first version where there is none;
 * never one beside others, so a wrong key seals nothing.
 */
export async function loadRootKeys(deps: LoadDeps, known: ReadonlyMap<number, RootKey>): Promise<Loaded> {
  const db = deps.reads.under(rootScope)
  const fresh = await isFresh(db)
  let rows = await listRootKeys(db)
  if (rows.length === 0 || (rows.length === 1 && rows[0]!.check_sealed === null)) {
    await registerFirst(deps, fresh)
    rows = await listRootKeys(db)
  }
  const held = new Map<number, RootKey>()
  let why: string | null = null
  const given = rows.every(({ version }) => known.has(version)) ? { keys: [], why: null } : readGiven(deps.sources)
  for (const row of rows) {
    const found = known.get(row.version) ?? findGiven(given.keys, row) ?? (row.kms === null ? null : await unwrap(deps.sources.kms, row))
    if (found !== null && typeof found !== 'string') held.set(row.version, found)
    else why ??= found ?? given.why ?? `Root key version ${row.version} is not among the keys that are given. ${deps.sources.advice}`
    if (found !== null && typeof found !== 'string' && !isOwnCheck(row)) await adoptCheck(deps, row, found)
  }
  return { rows, held, why, isFresh: fresh }
}

/** Of several processes that register a first key one wins; the others find its row, and theirs is a wrong key. */
async function registerFirst({ writes, sources, clock }: LoadDeps, fresh: boolean): Promise<void> {
  const [kms] = sources.kms
  const given = sources.first(fresh)
  const key = given ?? randomBytes(keyLength)
  const wrapped = given === null && kms ? await kms.wrap(key, wrapContext(1)) : null
  const row = {
    version: 1,
    ...sealCheck(createRootKey(1, key)),
    kms: wrapped && kms!.name,
    wrapped,
    created_at: clock.now(),
  }
  await writes.transaction(rootScope, async (tx) => {
    if ((await insertRootKey(tx, row)) === 0) await updateCheck(tx, row, null)
  })
}

/** The check that an upgrade found was some tenant's wrapped key, which must not outlive the tenant. */
async function adoptCheck({ writes }: LoadDeps, row: RootKeyRow, key: RootKey): Promise<void> {
  await writes.transaction(rootScope, (tx) => updateCheck(tx, { ...row, ...sealCheck(key) }, row.check_sealed))
}

function readGiven(sources: RootKeySources): { keys: Buffer[]; why: string | null } {
  try {
    return { keys: sources.given(), why: null }
  } catch (error) {
    return { keys: [], why: error instanceof Error ? error.message : String(error) }
  }
}

function findGiven(keys: readonly Buffer[], row: RootKeyRow): RootKey | null {
  return keys.map((key) => createRootKey(row.version, key)).find((key) => opensCheck(key, row)) ?? null
}

/** The key, or why it could not be had. */
async function unwrap(all: readonly Kms[], row: RootKeyRow): Promise<RootKey | string> {
  const kms = all.find(({ name }) => name === row.kms)
  if (!kms) return `Root key version ${row.version} is wrapped by ${row.kms}. Set FREEHOLD_KMS, or FREEHOLD_KMS_PREVIOUS, to it.`
  try {
    const key = createRootKey(row.version, await kms.unwrap(row.wrapped!, wrapContext(row.version)))
    return opensCheck(key, row) ? key : `${row.kms} unwrapped another key than root key version ${row.version}.`
  } catch (error) {
    return `${row.kms} did not unwrap root key version ${row.version}. ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Tells the keys of the versions that there are from all others. */
export async function isRootKeyOf(reads: ReadPool): Promise<(key: Buffer) => boolean> {
  const rows = await listRootKeys(reads.under(rootScope))
  return (key) => rows.some((row) => opensCheck(createRootKey(row.version, key), row))
}

export function wrapContext(version: number): Record<string, string> {
  return { application: 'freehold', purpose: 'root key', version: String(version) }
}
