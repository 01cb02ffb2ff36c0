import Type from 'typebox'
import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { BaseUrl, Token } from './fields.ts'

export const s3 = credentialType({
  type: 's3',
  label: 'S3',
  fields: Strict({
    endpoint: Type.Optional({ ...BaseUrl('https://s3.example.com'), title: 'Endpoint' }),
    region: Type.String({ title: 'Region', maxLength: 63, pattern: '^[a-z0-9-]+$', default: 'us-east-1' }),
    bucket: Type.String({ title: 'Bucket', minLength: 3, maxLength: 63, pattern: '^[a-z0-9][a-z0-9.-]*[a-z0-9]$', examples: ['backups'] }),
    access_key_id: Token('Access key id', ['AKIA…']),
    path_style: Type.Boolean({ title: 'Bucket in the path', default: false, description: "As most S3 servers but Amazon's want it" }),
  }),
  secrets: Strict({ secret_access_key: Token('Secret access key') }),
  binds: ['endpoint', 'region'],
})
