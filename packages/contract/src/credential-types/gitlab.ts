import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrlOf, Token } from './fields.ts'

export const gitlab = credentialType({
  type: 'gitlab',
  label: 'GitLab',
  fields: Strict({ base_url: BaseUrlOf('https://gitlab.com') }),
  secrets: Strict({ token: Token('Access token', ['glpat-…']) }),
  binds: ['base_url'],
})
