import type { Static } from 'typebox'
import { anthropic } from './anthropic.ts'
import type { AnyCredentialType } from './credential-type.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { google } from './google.ts'
import { httpBasic } from './http-basic.ts'
import { httpBearer } from './http-bearer.ts'
import { jira } from './jira.ts'
import { mysql } from './mysql.ts'
import { openai } from './openai.ts'
import { openaiCompatible } from './openai-compatible.ts'
import { postgresql } from './postgresql.ts'
import { s3 } from './s3.ts'
import { slack } from './slack.ts'

const definitions = [
  anthropic,
  openai,
  google,
  openaiCompatible,
  postgresql,
  mysql,
  httpBasic,
  httpBearer,
  github,
  gitlab,
  jira,
  slack,
  s3,
] as const

export type { AnyCredentialType } from './credential-type.ts'

type Definition = (typeof definitions)[number]
export type CredentialTypeName = Definition['type']
type DefinitionOf<T extends CredentialTypeName> = Extract<Definition, { type: T }>
/** The public fields of a stored credential: with defaults filled in. */
export type FieldsOf<T extends CredentialTypeName> = Static<DefinitionOf<T>['fields']>
export type SecretsOf<T extends CredentialTypeName> = Static<DefinitionOf<T>['secrets']>

/** Every type of credential, in the order in which forms offer them. */
export const credentialTypes: readonly (AnyCredentialType & { type: CredentialTypeName })[] = definitions
export const credentialTypeNames = definitions.map(({ type }) => type)

export function credentialTypeOf(type: CredentialTypeName): AnyCredentialType & { type: CredentialTypeName } {
  return credentialTypes.find((definition) => definition.type === type)!
}
