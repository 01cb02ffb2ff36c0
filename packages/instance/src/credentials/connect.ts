import type { CredentialTypeName, FieldsOf, SecretsOf } from '@freehold/contract'
import {
  checkAnthropic,
  checkGitHub,
  checkGitLab,
  checkGoogle,
  checkHttpBasic,
  checkHttpBearer,
  checkJira,
  checkMysql,
  checkOpenAi,
  checkPostgresql,
  checkS3,
  checkSlack,
  type DatabaseTarget,
  type Egress,
  type Outcome,
} from '@freehold/drivers'
import type { UsableCredential } from './use-credential.ts'

type Check<T extends CredentialTypeName> = (egress: Egress, fields: FieldsOf<T>, secrets: SecretsOf<T>) => Promise<Outcome>

/** How each type is tried. One that is missing does not compile. */
const checks: { [T in CredentialTypeName]: Check<T> } = {
  anthropic: (egress, { base_url: baseUrl }, { api_key: apiKey }) => checkAnthropic(egress, { baseUrl, apiKey }),
  openai: (egress, { base_url: baseUrl, organization, project }, { api_key: apiKey }) =>
    checkOpenAi(egress, { baseUrl, apiKey, organization, project }),
  google: (egress, { base_url: baseUrl }, { api_key: apiKey }) => checkGoogle(egress, { baseUrl, apiKey }),
  openai_compatible: (egress, { base_url: baseUrl }, { api_key: apiKey }) => checkOpenAi(egress, { baseUrl, apiKey }, 'The server'),
  postgresql: (egress, fields, secrets) => checkPostgresql(egress, toTarget(fields, secrets)),
  mysql: (egress, fields, secrets) => checkMysql(egress, toTarget(fields, secrets)),
  http_basic: (egress, { base_url: baseUrl, check_path: path, username }, { password }) =>
    checkHttpBasic(egress, { baseUrl, path, username, password }),
  http_bearer: (egress, { base_url: baseUrl, check_path: path }, { token }) => checkHttpBearer(egress, { baseUrl, path, token }),
  github: (egress, { base_url: baseUrl }, { token }) => checkGitHub(egress, { baseUrl, token }),
  gitlab: (egress, { base_url: baseUrl }, { token }) => checkGitLab(egress, { baseUrl, token }),
  jira: (egress, { base_url: baseUrl, email }, { api_token: token }) => checkJira(egress, { baseUrl, email, token }),
  slack: (egress, { base_url: baseUrl }, { token }) => checkSlack(egress, { baseUrl, token }),
  s3: (egress, fields, { secret_access_key: secretAccessKey }) =>
    checkS3(egress, {
      endpoint: fields.endpoint,
      region: fields.region,
      bucket: fields.bucket,
      accessKeyId: fields.access_key_id,
      secretAccessKey,
      pathStyle: fields.path_style,
    }),
}

function toTarget(
  { ca_certificate: caCertificate, ...fields }: FieldsOf<'postgresql'>,
  { password }: SecretsOf<'postgresql'>,
): DatabaseTarget {
  return { ...fields, caCertificate, password }
}

/** Connects with a credential and says what was found. Never throws for what the other side does. */
export function connect(egress: Egress, credential: UsableCredential): Promise<Outcome> {
  const { type, fields, destination } = credential
  const secrets = Object.fromEntries(Object.entries(credential.secrets).map(([name, secret]) => [name, secret.revealFor(destination)]))
  // What is stored under a type has passed that type's schemas.
  return (checks[type] as Check<never>)(egress, fields as never, secrets as never)
}
