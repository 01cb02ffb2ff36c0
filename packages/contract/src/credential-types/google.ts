import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrlOf, Token } from './fields.ts'

export const google = credentialType({
  type: 'google',
  label: 'Google Gemini',
  fields: Strict({ base_url: BaseUrlOf('https://generativelanguage.googleapis.com') }),
  secrets: Strict({ api_key: Token('API key', ['AIza…']) }),
  binds: ['base_url'],
})
