import type { Static, TObject } from 'typebox'

/**
 * One type of credential. `fields` are shown to whoever reads the workspace, `secrets` to nobody. A field's `title` is its label,
 * its first example the placeholder of a form; one with a `default` may be left out.
 */
export type CredentialTypeDefinition<Type extends string, Fields extends TObject, Secrets extends TObject> = {
  type: Type
  label: string
  fields: Fields
  secrets: Secrets
  /** What says where the secrets are sent, and how: when one of these changes, the secrets are gone. */
  binds: readonly (keyof Static<Fields> & string)[]
}
export type AnyCredentialType = CredentialTypeDefinition<string, TObject, TObject>

export function credentialType<const Type extends string, Fields extends TObject, Secrets extends TObject>(
  definition: CredentialTypeDefinition<Type, Fields, Secrets>,
): CredentialTypeDefinition<Type, Fields, Secrets> {
  return definition
}
