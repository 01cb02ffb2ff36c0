import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrlOf, Token } from './fields.ts'

export const slack = credentialType({
  type: 'slack',
  label: 'Slack',
  fields: Strict({ base_url: BaseUrlOf('https://slack.com') }),
  secrets: Strict({ token: Token('Bot or user token', ['xoxb-…']) }),
  binds: ['base_url'],
})
