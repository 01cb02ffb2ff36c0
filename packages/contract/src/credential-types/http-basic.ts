import Type from 'typebox'
import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrl, CheckPath, Password } from './fields.ts'

export const httpBasic = credentialType({
  type: 'http_basic',
  label: 'HTTP basic',
  fields: Strict({
    base_url: BaseUrl('https://api.example.com'),
    // A colon would end the name.
    username: Type.String({ title: 'User name', minLength: 1, maxLength: 255, pattern: '^[^\\x00-\\x1f\\x7f:]+$' }),
    check_path: CheckPath,
  }),
  secrets: Strict({ password: Password }),
  binds: ['base_url'],
})
