import type { NewVaultIndex, VaultIndex } from '@freehold/contract'

/** Indexes as a person writes them: one a line, fields between commas, `desc` after a field, `unique` at the end. */
export function readIndexLines(text: string): { indexes: NewVaultIndex[] } | { fault: string } {
  const indexes: NewVaultIndex[] = []
  const lines = text.split('\n').map((line) => line.trim())
  for (const [number, line] of lines.entries()) {
    if (line === '') continue
    const unique = /\sunique$/i.test(line)
    const fields = line
      .replace(/\sunique$/i, '')
      .split(',')
      .map((part) => /^(\S+)(?:\s+(asc|desc))?$/i.exec(part.trim()))
    if (fields.some((field) => field === null)) {
      return {
        fault: `Line ${number + 1}: write fields between commas, each a name with \`desc\` after it or not, and \`unique\` at the end.`,
      }
    }
    indexes.push({
      fields: fields.map((field) => ({ field: field?.[1] ?? '', dir: field?.[2]?.toLowerCase() === 'desc' ? 'desc' : 'asc' })),
      ...(unique && { unique }),
    })
  }
  return { indexes }
}

export const indexLine = ({ fields, unique }: Pick<NewVaultIndex, 'fields' | 'unique'>): string =>
  fields.map(({ field, dir }) => (dir === 'desc' ? `${field} desc` : field)).join(', ') + (unique ? ' unique' : '')

/** What to send so that these stay. */
export const asNewIndex = ({ fields, unique }: VaultIndex): NewVaultIndex => ({ fields, ...(unique && { unique }) })
