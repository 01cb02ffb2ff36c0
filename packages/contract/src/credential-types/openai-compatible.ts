import Type from 'typebox'
import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrl, Token } from './fields.ts'

export const openaiCompatible = credentialType({
  type: 'openai_compatible',
  label: 'OpenAI compatible',
  fields: Strict({ base_url: BaseUrl('https://models.example.com/v1') }),
  // A server of one's own may ask for none.
  secrets: Strict({ api_key: Type.Optional(Token('API key')) }),
  binds: ['base_url'],
})
