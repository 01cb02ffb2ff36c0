import { build, type ReadPool, type Tables, type Tx } from '@freehold/db'
import type { Selectable } from 'kysely'

/** What tokens name the workspace by. It never changes. */
export function insertWorkspaceProfile(tx: Tx, profile: { workspaceId: string; key: string; now: Date }) {
  return tx.run(
    build.insertInto('hub.workspace_profile').values({ workspace_id: profile.workspaceId, key: profile.key, updated_at: profile.now }),
  )
}

export async function findWorkspaceIdByKey(reads: ReadPool, key: string): Promise<string | null> {
  const row = await reads
    .under({ proof: { workspace_key: key } })
    .first(build.selectFrom('hub.workspace_profile').select('workspace_id').where('key', '=', key))
  return row?.workspace_id ?? null
}

type Profile = Selectable<Tables['hub.workspace_profile']>
type Workspace = Selectable<Tables['hub.workspace']>

/** A secret that still works, newest first in a list, with the wrapped key that sealed it. */
export type LiveSecret = {
  id: string
  sealed: Buffer
  keyVersion: number
  wrapped: Buffer
  rootVersion: number
  expiresAt: Date | null
  /** It waits for the first use of a newer one, and then lives as long. */
  graceSeconds: number | null
}

/** By what a workspace's tokens are verified, and the gate that guards that knowledge. */
export type TokenMaterial = {
  key: string
  publicKeys: Profile['public_keys']
  jwksUri: string | null
  disableSecretKeyAuth: boolean
  status: Workspace['status']
  accountId: string
  epoch: string
  secrets: LiveSecret[]
}

type MaterialRow = Pick<Profile, 'key' | 'public_keys' | 'jwks_uri' | 'disable_secret_key_auth'> &
  Pick<Workspace, 'status' | 'account_id'> & { epoch: string; secrets: SecretJson[] }
type SecretJson = {
  id: string
  sealed: string
  key_version: number
  wrapped: string
  root_version: number
  expires_at: string | null
  grace_seconds: number | null
}

// One statement, one snapshot: whatever of this changes later moves the gate.
const materialText = `
  select p.key, p.public_keys, p.jwks_uri, p.disable_secret_key_auth, w.status, w.account_id, g.epoch,
    coalesce((
      select json_agg(json_build_object('id', s.id, 'sealed', encode(s.sealed, 'hex'), 'key_version', s.key_version,
        'wrapped', encode(k.wrapped, 'hex'), 'root_version', k.root_version, 'expires_at', s.expires_at, 'grace_seconds', s.grace_seconds) order by s.id desc)
      from hub.workspace_secret s join hub.workspace_key k on k.workspace_id = s.workspace_id and k.version = s.key_version
      where s.workspace_id = $1 and (s.expires_at is null or s.expires_at > $2)
    ), '[]') as secrets
  from hub.workspace_profile p join hub.workspace w on w.id = p.workspace_id join hub.gate g on g.id = p.workspace_id
  where p.workspace_id = $1`

export async function findTokenMaterial(reads: ReadPool, workspaceId: string, now: Date): Promise<TokenMaterial | null> {
  const [row] = await reads.under({ workspaceId }).sql<MaterialRow>({
    name: 'workspace_token_material',
    text: materialText,
    values: [workspaceId, now],
  })
  if (!row) return null
  return {
    key: row.key,
    publicKeys: row.public_keys,
    jwksUri: row.jwks_uri,
    disableSecretKeyAuth: row.disable_secret_key_auth,
    status: row.status,
    accountId: row.account_id,
    epoch: row.epoch,
    secrets: row.secrets.map((secret) => ({
      id: secret.id,
      sealed: Buffer.from(secret.sealed, 'hex'),
      keyVersion: secret.key_version,
      wrapped: Buffer.from(secret.wrapped, 'hex'),
      rootVersion: secret.root_version,
      expiresAt: secret.expires_at === null ? null : new Date(secret.expires_at),
      graceSeconds: secret.grace_seconds,
    })),
  }
}
