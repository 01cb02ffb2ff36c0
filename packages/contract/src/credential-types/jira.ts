import Type from 'typebox'
import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrl, Token } from './fields.ts'

/** Jira Cloud takes an e-mail address with an API token, Jira Data Center a personal access token alone. */
export const jira = credentialType({
  type: 'jira',
  label: 'Jira',
  fields: Strict({
    base_url: BaseUrl('https://example.atlassian.net'),
    email: Type.Optional(
      Type.String({
        title: 'E-mail address',
        maxLength: 254,
        pattern: '^[^\\s@:]+@[^\\s@:]+$',
        description: 'In Jira Cloud, whose the token is',
      }),
    ),
  }),
  secrets: Strict({ api_token: Token('API token') }),
  binds: ['base_url'],
})
