import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrl, CheckPath, Token } from './fields.ts'

export const httpBearer = credentialType({
  type: 'http_bearer',
  label: 'HTTP bearer token',
  fields: Strict({ base_url: BaseUrl('https://api.example.com'), check_path: CheckPath }),
  secrets: Strict({ token: Token('Token') }),
  binds: ['base_url'],
})
