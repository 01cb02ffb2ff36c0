import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrlOf, Token } from './fields.ts'

export const anthropic = credentialType({
  type: 'anthropic',
  label: 'Anthropic',
  fields: Strict({ base_url: BaseUrlOf('https://api.anthropic.com') }),
  secrets: Strict({ api_key: Token('API key', ['sk-ant-…']) }),
  binds: ['base_url'],
})
