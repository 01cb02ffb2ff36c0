import { type JsonSchema, isObject, textFrom, type VaultField, valueFrom } from './fields.ts'
import { vaultMask } from './mask.ts'

/** The form's name of what the schema does not name, as one JSON object. */
export const othersName = 'others'
export const nameOf = (index: number): string => `f${index}`

export type FormValues = Record<string, string>

/** A record as texts. */
export function toForm(fields: readonly VaultField[], data: JsonSchema): FormValues {
  const values = Object.fromEntries(fields.map((field, index) => [nameOf(index), textFrom(field, data[field.path])]))
  const known = new Set(fields.map(({ path }) => path))
  const others = Object.fromEntries(Object.entries(data).filter(([name]) => !known.has(name)))
  return { ...values, [othersName]: Object.keys(others).length > 0 ? JSON.stringify(others, null, 2) : '' }
}

type Read = { data: Record<string, unknown>; faults: { name: string; message: string }[] }

/**
 * The record that the texts say. Nothing typed is no field, but where the record had an empty text or null before. A mask that was not
 * replaced goes back as it is, and so keeps its value.
 */
export function fromForm(fields: readonly VaultField[], before: JsonSchema, values: FormValues): Read {
  const data: Record<string, unknown> = {}
  const faults: Read['faults'] = []
  for (const [index, field] of fields.entries()) {
    const name = nameOf(index)
    const text = values[name] ?? ''
    const stored = before[field.path]
    if (text === '') {
      if (stored === '' || stored === null) data[field.path] = stored
      else if (field.isRequired && field.isNullable) data[field.path] = null
      else if (field.isRequired) faults.push({ name, message: 'It is required.' })
    } else if (field.kind === 'json') {
      const read = parse(text)
      if ('fault' in read) faults.push({ name, message: read.fault })
      else data[field.path] = read.value
    } else data[field.path] = text === vaultMask ? text : valueFrom(field, text)
  }
  const others = (values[othersName] ?? '').trim()
  if (others !== '') {
    const read = parse(others)
    if ('fault' in read) faults.push({ name: othersName, message: read.fault })
    else if (!isObject(read.value)) faults.push({ name: othersName, message: 'It must be a JSON object: `{ … }`.' })
    else Object.assign(data, { ...read.value, ...data })
  }
  return { data, faults }
}

function parse(text: string): { value: unknown } | { fault: string } {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return { fault: 'This is not JSON. Texts need quotes: `"text"`.' }
  }
}

/** The form's field that a pointer into the request leads to. */
export function formPointer(fields: readonly VaultField[], pointer: string): string {
  const [, , , first] = pointer.split('/')
  const name = first?.replaceAll('~1', '/').replaceAll('~0', '~')
  const index = fields.findIndex(({ path }) => path === name)
  return index < 0 ? pointer : `/body/${nameOf(index)}`
}
