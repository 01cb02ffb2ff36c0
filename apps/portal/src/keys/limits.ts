import type { ApiKey, FieldError } from '@freehold/contract'
import { mapFaults } from '../api/problem.ts'
import { plural } from '../text/words.ts'

/** Entries as people write them: one a line, or between commas. */
export const parseEntries = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)

/** The API names a faulty entry by its place in the list; a reader looks for the entry itself. One fault a list, of all its entries. */
export function nameEntries(error: unknown, lists: Readonly<Record<string, readonly string[]>>): unknown {
  return mapFaults(error, (faults) => {
    const named = faults.map((fault) => nameEntry(fault, lists))
    return [...Map.groupBy(named, ({ pointer }) => pointer)].map(([pointer, [first, ...others]]) => {
      const also = others.length > 0 ? `. The same holds for ${others.map(({ entry }) => entry).join(', ')}` : ''
      return { pointer, message: `${first?.entry ?? ''} ${first?.message ?? ''}${also}`.trim() }
    })
  })
}

type NamedFault = FieldError & { entry: string }

function nameEntry({ pointer, message }: FieldError, lists: Readonly<Record<string, readonly string[]>>): NamedFault {
  const [, field = '', index = ''] = /^\/body\/(\w+)\/(\d+)$/.exec(pointer) ?? []
  const entry = lists[field]?.[Number(index)]
  if (entry === undefined) return { pointer, message, entry: '' }
  return { pointer: `/body/${field}`, message: message.replaceAll('`', ''), entry: `“${entry}”` }
}

type Limit = { label: string; entries: readonly string[] }

/** What a key is limited to beside its role, without what it is free in. */
export function limitsOf(key: ApiKey): Limit[] {
  return [
    { label: 'Scopes', entries: key.scopes },
    { label: 'Allowed addresses', entries: key.allowed_ips },
    { label: 'Allowed origins', entries: key.allowed_origins },
    { label: 'Environments', entries: key.environments },
  ].filter(({ entries }) => entries.length > 0)
}

/** The same in a few words: `2 scopes · 1 address · dev, staging`. */
export function summarizeLimits(key: ApiKey): string {
  const counted = [
    [key.scopes.length, 'scope', 'scopes'],
    [key.allowed_ips.length, 'address', 'addresses'],
    [key.allowed_origins.length, 'origin', 'origins'],
  ] as const
  const parts = counted.filter(([count]) => count > 0).map(([count, one, many]) => plural(count, one, many))
  if (key.environments.length > 0) parts.push(key.environments.slice(0, 3).join(', ') + (key.environments.length > 3 ? '…' : ''))
  return parts.join(' · ')
}
