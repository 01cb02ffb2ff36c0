import type { RequestContext } from '@freehold/authz/request'
import { type CredentialTypeDescription, credentialTypes } from '@freehold/contract'

/** The types as a form asks for them, read from the schemas that check what is sent; in the order of a form. */
export async function listCredentialTypes(ctx: RequestContext): Promise<CredentialTypeDescription[]> {
  ctx.granted('workspace', 'read')
  return credentialTypes.map(describeType)
}

function describeType({ type, label, fields, secrets, binds }: (typeof credentialTypes)[number]): CredentialTypeDescription {
  return {
    type,
    label,
    fields: [
      ...describeFields(fields, { secret: false, binds: new Set<string>(binds) }),
      ...describeFields(secrets, { secret: true, binds: new Set() }),
    ],
  }
}

type Property = {
  title?: string
  description?: string
  type?: string
  enum?: string[]
  default?: string | number | boolean
  examples?: string[]
}
type Field = CredentialTypeDescription['fields'][number]

function describeFields(schema: object, { secret, binds }: { secret: boolean; binds: ReadonlySet<string> }): Field[] {
  const { properties, required = [] } = schema as { properties: Record<string, Property>; required?: string[] }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    label: property.title ?? name,
    kind: kindOf(property),
    secret,
    optional: !required.includes(name) || property.default !== undefined,
    placeholder: property.examples?.[0] ?? null,
    help: property.description ?? null,
    default: property.default ?? null,
    choices: property.enum ?? null,
    binds: binds.has(name),
  }))
}

function kindOf(property: Property): Field['kind'] {
  if (property.enum) return 'choice'
  return property.type === 'integer' || property.type === 'boolean' ? property.type : 'string'
}
