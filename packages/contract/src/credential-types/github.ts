import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrlOf, Token } from './fields.ts'

/** Of GitHub Enterprise Server the base URL ends in `/api/v3`. */
export const github = credentialType({
  type: 'github',
  label: 'GitHub',
  fields: Strict({ base_url: BaseUrlOf('https://api.github.com') }),
  secrets: Strict({ token: Token('Access token', ['github_pat_…']) }),
  binds: ['base_url'],
})
