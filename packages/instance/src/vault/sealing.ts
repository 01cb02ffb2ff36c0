import { createHmac } from 'node:crypto'
import { type FieldError, vaultMask } from '@freehold/contract'
import { seal, unseal } from '@freehold/kit'
import type { DataKey } from '../deps.ts'
import { isObject, type Field } from './schema/field-types.ts'

export type Data = Record<string, unknown>
/** Where a sealed value belongs. Moved to any other place it does not open. */
export type Place = { workspaceId: string; collectionId: string; recordId: string; version: number }
/** Sealed values in base64 and hashes in hex, by field path. */
export type Sealed = { sealed: Record<string, string> | null; hashes: Record<string, string> | null }

function placeOf({ workspaceId, collectionId, recordId, version }: Place, path: string): string[] {
  return ['vault record', workspaceId, collectionId, recordId, path, String(version)]
}

export function sealValue(key: Buffer, value: unknown, place: Place, path: string): string {
  return seal(key, JSON.stringify(value), placeOf(place, path)).toString('base64')
}

export function unsealValue(key: Buffer, sealed: string, place: Place, path: string): unknown {
  return JSON.parse(unseal(key, Buffer.from(sealed, 'base64'), placeOf(place, path)).toString('utf8'))
}

/** What `eq` compares. The key is the collection's own, and the path is hashed along: equal values in two fields do not look equal. */
export function hashValue(hashKey: Buffer, path: string, value: unknown): string {
  return createHmac('sha256', hashKey)
    .update(JSON.stringify([path, value]))
    .digest('hex')
}

export function valueAt(data: unknown, names: readonly string[]): unknown {
  let at: unknown = data
  for (const name of names) {
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined
    at = at[name]
  }
  return at
}

/** Sets what is there already; the objects on the way are not made. */
export function setAt(data: Data, names: readonly string[], value: unknown): void {
  const holder = valueAt(data, names.slice(0, -1))
  if (isObject(holder)) holder[names.at(-1)!] = value
}

/** Takes the sensitive values out of a document. Answers what readers see, and the rest sealed. */
export function sealFields(
  data: Data,
  fields: readonly Field[],
  keys: { data: DataKey; hash: Buffer | null },
  place: Place,
): Sealed & { data: Data } {
  const shown = structuredClone(data)
  const sealed: Record<string, string> = {}
  const hashes: Record<string, string> = {}
  for (const { path, names, sensitive } of fields) {
    const value = valueAt(data, names)
    if (value === undefined || value === null) continue
    sealed[path] = sealValue(keys.data.key, value, place, path)
    if (sensitive === 'equality' && keys.hash) hashes[path] = hashValue(keys.hash, path, value)
    setAt(shown, names, vaultMask)
  }
  return { data: shown, sealed: orNull(sealed), hashes: orNull(hashes) }
}

/** The document with its sensitive values back in place. */
export function openFields(data: Data, sealed: Record<string, string> | null, key: Buffer, place: Place): Data {
  const whole = structuredClone(data)
  for (const [path, value] of Object.entries(sealed ?? {})) setAt(whole, path.split('.'), unsealValue(key, value, place, path))
  return whole
}

/**
 * Puts stored values where a document carries the mask, so that what was read can be sent back. Faults where there is no value to
 * keep. The mask in any other place is text like any other.
 */
export function keepMasked(data: Data, stored: Data | null, fields: readonly Field[]): { data: Data; faults: FieldError[] } {
  const whole = structuredClone(data)
  const faults: FieldError[] = []
  for (const { names } of fields) {
    if (valueAt(whole, names) !== vaultMask) continue
    const value = stored === null ? undefined : valueAt(stored, names)
    if (value === undefined || value === null)
      faults.push({ pointer: `/${names.join('/')}`, message: 'is the mask, but there is no value to keep: send the value itself' })
    else setAt(whole, names, value)
  }
  return { data: whole, faults }
}

function orNull(object: Record<string, string>): Record<string, string> | null {
  return Object.keys(object).length > 0 ? object : null
}
