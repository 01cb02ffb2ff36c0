import Type from 'typebox'
import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrlOf, Token } from './fields.ts'

export const openai = credentialType({
  type: 'openai',
  label: 'OpenAI',
  fields: Strict({
    base_url: BaseUrlOf('https://api.openai.com/v1'),
    organization: Type.Optional(Token('Organization', ['org-…'])),
    project: Type.Optional(Token('Project', ['proj_…'])),
  }),
  secrets: Strict({ api_key: Token('API key', ['sk-…']) }),
  binds: ['base_url'],
})
