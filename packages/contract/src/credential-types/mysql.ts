import { Strict } from '../schemas/fields.ts'
import { credentialType } from './credential-type.ts'
import { CaCertificate, Host, Line, Password, Port, Tls } from './fields.ts'

export const mysql = credentialType({
  type: 'mysql',
  label: 'MySQL',
  fields: Strict({
    host: Host,
    port: Port(3306),
    database: Line('Database', { maxLength: 63, examples: ['app'] }),
    user: Line('User', { maxLength: 63, examples: ['app'] }),
    tls: Tls,
    ca_certificate: CaCertificate,
  }),
  secrets: Strict({ password: Password }),
  binds: ['host', 'port', 'tls', 'ca_certificate'],
})
