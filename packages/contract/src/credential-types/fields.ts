import Type from 'typebox'

// A query or a fragment could hide where a request ends; a user name and a password belong among the secrets.
const urlPattern = '^https?://[^\\s/?#@\\\\]+(?:/[^\\s?#\\\\]*)?$'

export const BaseUrl = (example: string) =>
  Type.String({ title: 'Base URL', maxLength: 500, pattern: urlPattern, examples: [example], description: 'http or https, without query' })

/** The address of a service that most reach at one place, and some at their own. */
export const BaseUrlOf = (usual: string) =>
  Type.String({ title: 'Base URL', maxLength: 500, pattern: urlPattern, default: usual, description: 'Another one if it is self-hosted' })

export const Host = Type.String({
  title: 'Host',
  minLength: 1,
  maxLength: 253,
  pattern: '^[A-Za-z0-9._:-]+$',
  examples: ['db.example.com'],
  description: 'Name or address, without a port',
})

export const Port = (usual: number) => Type.Integer({ title: 'Port', minimum: 1, maximum: 65_535, default: usual })

export const Tls = Type.Enum(['require', 'prefer', 'off'], {
  title: 'TLS',
  default: 'require',
  description:
    "`require`: encrypted, and the certificate is the host's. `prefer`: encrypted where the server offers it, whoever it is. `off`: in the clear",
})

export const CaCertificate = Type.Optional(
  Type.String({
    title: 'CA certificate',
    maxLength: 32_768,
    pattern: '^\\s*-----BEGIN CERTIFICATE-----',
    description: "PEM of the authority that signed the server's certificate, where it is not a public one",
  }),
)

/** A line of text, in any script. */
export const Line = (title: string, options: { examples?: string[]; maxLength?: number; description?: string } = {}) =>
  Type.String({ title, minLength: 1, maxLength: 255, pattern: '^[^\\x00-\\x1f\\x7f]+$', ...options })

/** A token as it goes into a header: visible ASCII. */
export const Token = (title: string, examples: string[] = []) =>
  Type.String({ title, minLength: 1, maxLength: 8192, pattern: '^[\\x21-\\x7e]+$', examples })

export const Password = Type.String({ title: 'Password', minLength: 1, maxLength: 1024, pattern: '^[^\\x00-\\x1f\\x7f]+$' })

export const CheckPath = Type.String({
  title: 'Path to check',
  maxLength: 200,
  pattern: '^/[^\\s?#\\\\]*$',
  default: '/',
  description: 'Behind the base URL; a GET there is the check',
})
