import type { Credential, CredentialFieldValue, CredentialTypeDescription } from '@freehold/contract'

export type TypeField = CredentialTypeDescription['fields'][number]
type FieldText = string | boolean

/** What the inputs hold: text as it is typed, and switches. An empty text is nothing. */
export type TypeForm = { fields: Record<string, FieldText>; secrets: Record<string, FieldText> }

/** What the inputs begin with; of a new credential, the defaults. Secrets are never filled in. */
export function startOf(type: CredentialTypeDescription, credential: Credential | undefined): TypeForm {
  const fields = type.fields.filter(({ secret }) => !secret)
  return {
    fields: Object.fromEntries(
      fields.map((field) => [field.name, toText(field, credential ? credential.fields[field.name] : field.default)]),
    ),
    secrets: Object.fromEntries(type.fields.filter(({ secret }) => secret).map(({ name }) => [name, ''])),
  }
}

function toText({ kind }: TypeField, value: CredentialFieldValue | null | undefined): FieldText {
  return kind === 'boolean' ? value === true : String(value ?? '')
}

/** What an input holds, as the API takes it; undefined where it holds nothing. */
export function toValue({ kind }: TypeField, text: FieldText | undefined): CredentialFieldValue | undefined {
  if (typeof text !== 'string') return text
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  return kind === 'integer' && /^-?\d+$/.test(trimmed) ? Number(trimmed) : trimmed
}

/** What the form wants changed; null takes a field away. */
export function changesOf(type: CredentialTypeDescription, before: Credential, form: TypeForm) {
  const changed = type.fields
    .filter(({ secret }) => !secret)
    .map((field) => [field.name, toValue(field, form.fields[field.name]) ?? null] as const)
    .filter(([name, value]) => value !== (before.fields[name] ?? null))
  return Object.fromEntries(changed)
}

/** The secrets that were typed. Spaces in them count. */
export const typedSecrets = ({ secrets }: TypeForm): Record<string, string> =>
  Object.fromEntries(Object.entries(secrets).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''))

/** The fields that say where secrets are sent and that the form changes: with them the secrets are gone. */
export function movedFields(type: CredentialTypeDescription, before: Credential, form: TypeForm): TypeField[] {
  const changes = changesOf(type, before, form)
  return type.fields.filter(({ name, binds }) => binds && name in changes && wouldChange(type, before, name, changes[name]))
}

/** A field that is emptied goes back to its default. */
function wouldChange(type: CredentialTypeDescription, before: Credential, name: string, value: CredentialFieldValue | null | undefined) {
  const after = value ?? type.fields.find((field) => field.name === name)?.default ?? null
  return after !== (before.fields[name] ?? null)
}
