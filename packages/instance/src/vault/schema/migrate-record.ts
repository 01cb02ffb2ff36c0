import { AppError, type FieldError, type VaultMigration } from '@freehold/contract'
import type { Data } from '../sealing.ts'
import { type JsonSchema, sensitiveFields } from './field-types.ts'

/** A document after the migration: fields renamed, then dropped, then set where there are none. */
export function migrateRecord(data: Data, { rename = {}, drop = [], set_default: defaults = {} }: VaultMigration): Data {
  const moved = Object.entries(data).map(([name, value]) => [Object.hasOwn(rename, name) ? rename[name]! : name, value] as const)
  const kept = moved.filter(([name]) => !drop.includes(name))
  const absent = Object.entries(defaults).filter(([name]) => !kept.some(([other]) => other === name))
  return Object.fromEntries([...kept, ...absent])
}

/** Throws where what is sealed would end in a field that everybody reads, or two fields would become one. */
export function refuseMigration(before: JsonSchema, after: JsonSchema, migration: VaultMigration): void {
  const errors: FieldError[] = []
  const { rename = {}, drop = [] } = migration
  const targets = Object.values(rename)
  for (const [from, to] of Object.entries(rename)) {
    const pointer = `/body/migration/rename/${from.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const isTaken =
      targets.filter((name) => name === to).length > 1 || (Object.hasOwn(propertiesOf(before), to) && !Object.hasOwn(rename, to))
    if (isTaken) errors.push({ pointer, message: `would meet the field \`${to}\`` })
  }
  const sensitive = new Set(sensitiveFields(after).map(({ path }) => path))
  for (const { path } of sensitiveFields(before)) {
    const [first, ...rest] = path.split('.')
    const top = Object.hasOwn(rename, first!) ? rename[first!]! : first!
    const moved = [top, ...rest].join('.')
    if (!drop.includes(top) && !sensitive.has(moved))
      errors.push({ pointer: '/body/schema', message: `must keep \`${moved}\` sensitive; drop the field by the migration to be rid of it` })
  }
  if (errors.length === 0) return
  throw new AppError('invalid_request', `Mend the change: ${errors[0]!.pointer} ${errors[0]!.message}.`, { errors })
}

function propertiesOf({ properties }: JsonSchema): object {
  return properties ?? {}
}
