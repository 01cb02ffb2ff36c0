import { newId } from '@freehold/kit'
import { randomBytes } from 'node:crypto'
import type pg from 'pg'

/** Everything of one tenant by which its rows are found, each value its own. */
export type Tenant = ReturnType<typeof newTenant>
export type Row = Record<string, unknown>

export function newTenant() {
  const tag = randomBytes(8).toString('hex')
  return {
    tag,
    workspaceId: newId(),
    accountId: newId(),
    userId: newId(),
    installationId: newId(),
    environmentId: newId(),
    sessionId: newId(),
    keyId: newId(),
    sessionHash: randomBytes(32),
    keyHash: randomBytes(32),
    groupId: newId(),
    invitationId: newId(),
    invitationHash: randomBytes(32),
    passkeyId: newId(),
    challengeHash: randomBytes(32),
    secretId: newId(),
    tenantId: newId(),
    agentSessionId: newId(),
    collectionId: newId(),
    recordId: newId(),
    runId: newId(),
    eventIds: [newId(), newId(), newId()],
    email: `${tag}@example.org`,
    throttleKey: `throttle-${tag}`,
    slug: `slug-${tag}`,
  }
}

const at = new Date('2026-01-01T00:00:00Z')
const later = new Date('2100-01-01T00:00:00Z')
const born = { created_at: at, updated_at: at }

/** Rows of each table for one tenant, parents first. A new table is added here, so that the sweep attacks it too. */
export const tenantRows: Record<string, (tenant: Tenant) => Row[]> = {
  'hub.gate': (t) => [
    { id: t.userId, kind: 'user' },
    { id: t.accountId, kind: 'account' },
    { id: t.workspaceId, kind: 'workspace' },
  ],
  'hub.installation': (t) => [{ id: t.installationId, created_at: at }],
  'hub.app_user': (t) => [{ id: t.userId, name: t.tag, email: t.email, password_hash: t.tag, ...born }],
  'hub.account': (t) => [{ id: t.accountId, name: t.tag, slug: t.slug, ...born }],
  'hub.workspace': (t) => [
    {
      id: t.workspaceId,
      account_id: t.accountId,
      name: t.tag,
      slug: t.slug,
      status: 'active',
      region: 'local',
      tenancy_model: 'shared',
      ...born,
    },
  ],
  'hub.environment': (t) => [
    { workspace_id: t.workspaceId, id: t.environmentId, slug: 'dev', name: t.tag, status: 'active', created_at: at },
  ],
  'hub.workspace_limit': (t) => [{ workspace_id: t.workspaceId, name: 'environments', allowed: 3 }],
  'hub.relationship': (t) => [
    relation(['workspace', t.workspaceId], 'owner', ['user', t.userId]),
    relation(['workspace', t.workspaceId], 'account', ['account', t.accountId]),
    relation(['account', t.accountId], 'owner', ['user', t.userId]),
    relation(['group', t.groupId], 'member', ['user', t.userId]),
    relation(['environment', t.environmentId], 'workspace', ['workspace', t.workspaceId]),
    relation(['installation', t.installationId], 'operator', ['user', t.userId]),
  ],
  // Behind the relationships: from here on they would be kept for SpiceDB, too.
  'hub.spicedb': (t) => [{ installation_id: t.installationId, since: at }],
  'hub.relationship_outbox': (t) => [{ op: 'touch', ...toTuple(['workspace', t.workspaceId], 'owner', ['user', t.userId]) }],
  'hub.credential': (t) => [
    { id: t.sessionId, kind: 'session', hash: t.sessionHash, hint: t.tag, user_id: t.userId, created_at: at },
    { id: t.keyId, kind: 'api_key', hash: t.keyHash, hint: t.tag, workspace_id: t.workspaceId, role: 'admin', created_at: at },
  ],
  'hub.credential_use': (t) => [
    { credential_id: t.sessionId, user_id: t.userId, last_used_at: at },
    { credential_id: t.keyId, workspace_id: t.workspaceId, last_used_at: at },
  ],
  'hub.member_activity': (t) => [{ workspace_id: t.workspaceId, user_id: t.userId, last_active_at: at }],
  'hub.user_group': (t) => [{ account_id: t.accountId, id: t.groupId, name: t.tag, claim_value: t.tag, ...born }],
  'hub.invitation': (t) => [
    {
      id: t.invitationId,
      account_id: t.accountId,
      workspace_id: t.workspaceId,
      email: t.email,
      role: 'view',
      hash: t.invitationHash,
      created_at: at,
      sent_at: at,
      expires_at: later,
    },
  ],
  'hub.api_key_notice': (t) => [{ credential_id: t.keyId, workspace_id: t.workspaceId, kind: 'expire', due_at: at }],
  'hub.totp': (t) => [{ user_id: t.userId, sealed: t.keyHash, last_step: 1, created_at: at }],
  'hub.recovery_code': (t) => [{ user_id: t.userId, hash: t.keyHash }],
  'hub.passkey': (t) => [
    {
      id: t.passkeyId,
      user_id: t.userId,
      credential_id: t.tag,
      public_key: t.keyHash,
      counter: 1,
      backed_up: true,
      name: t.tag,
      created_at: at,
    },
  ],
  'hub.oidc_identity': (t) => [{ issuer: 'https://issuer.test', subject: t.tag, user_id: t.userId, created_at: at }],
  'hub.answered_challenge': (t) => [{ hash: t.challengeHash, expires_at: later }],
  'hub.workspace_key': (t) => [{ workspace_id: t.workspaceId, version: 1, wrapped: t.keyHash, created_at: at }],
  'hub.workspace_profile': (t) => [{ workspace_id: t.workspaceId, key: t.tag, updated_at: at }],
  'hub.workspace_secret': (t) => [{ workspace_id: t.workspaceId, id: t.secretId, sealed: t.keyHash, key_version: 1, created_at: at }],
  'hub.throttle': (t) => [{ key: t.throttleKey, window_started_at: at, failures: 1 }],
  'hub.idempotency': (t) => [
    {
      principal_id: t.userId,
      route: 'createAccount',
      key_hash: t.keyHash,
      request_hash: t.keyHash,
      status: 201,
      sealed: t.keyHash,
      created_at: at,
    },
  ],
  'hub.audit_event': (t) => [
    event(t, 0, { chain_kind: 'workspace', chain_id: t.workspaceId, workspace_id: t.workspaceId, account_id: t.accountId }),
    event(t, 1, { chain_kind: 'account', chain_id: t.accountId, account_id: t.accountId }),
    event(t, 2, { chain_kind: 'user', chain_id: t.userId }),
  ],
  'hub.audit_unsealed': (t) => [{ event_id: t.eventIds[0], chain_kind: 'workspace', chain_id: t.workspaceId }],
  'hub.audit_head': (t) =>
    [t.workspaceId, t.accountId, t.userId].map((id) => ({
      chain_id: id,
      chain_kind: 'workspace',
      seq: 1,
      hash: t.tag,
      at,
      signature: t.tag,
    })),
  'hub.saga_run': (t) => [
    {
      id: t.runId,
      saga: 'workspace.provision',
      workspace_id: t.workspaceId,
      account_id: t.accountId,
      input: '{}',
      status: 'queued',
      created_at: at,
    },
  ],
  'hub.saga_step': (t) => [{ workspace_id: t.workspaceId, run_id: t.runId, position: 0, name: 'reserve', status: 'pending' }],
  'hub.saga_pending': (t) => [{ run_id: t.runId, since: at }],
  'instance.workspace': (t) => [
    { workspace_id: t.workspaceId, region: 'local', tenancy_model: 'shared', applied_version: 1, created_at: at },
  ],
  'instance.tenant': (t) => [{ workspace_id: t.workspaceId, id: t.tenantId, key: t.tag, name: t.tag, ...born }],
  'instance.session': (t) => [
    { workspace_id: t.workspaceId, id: t.agentSessionId, tenant_id: t.tenantId, name: t.tag, phase: 'pending', created_at: at },
  ],
  'instance.vault_collection': (t) => [{ workspace_id: t.workspaceId, id: t.collectionId, name: t.tag, schema: '{}', ...born }],
  'instance.vault_record': (t) => [
    { workspace_id: t.workspaceId, collection_id: t.collectionId, id: t.recordId, data: JSON.stringify({ name: t.tag }), ...born },
  ],
  'instance.vault_index_entry': (t) => [
    { workspace_id: t.workspaceId, collection_id: t.collectionId, index_no: 1, key: Buffer.from(t.tag), record_id: t.recordId },
  ],
  'instance.vault_count': (t) => [{ workspace_id: t.workspaceId, collection_id: t.collectionId, stripe: 0, records: 1 }],
  'instance.vault_task': (t) => [{ workspace_id: t.workspaceId, collection_id: t.collectionId, kind: 'build' }],
}

/** Every setting by which a policy lets a tenant's rows be seen, with that tenant's value. */
export function settingsOf(t: Tenant): Record<string, string> {
  const gates = [t.userId, t.accountId, t.workspaceId].join(',')
  return {
    workspace_id: t.workspaceId,
    account_id: t.accountId,
    principal_id: t.userId,
    gate_ids: gates,
    workspace_ids: t.workspaceId,
    account_ids: t.accountId,
    chain_ids: gates,
    object_ids: `${gates},${t.environmentId},${t.installationId},${t.groupId}`,
    run_id: t.runId,
    credential_hash: t.sessionHash.toString('hex'),
    email: t.email,
    throttle_key: t.throttleKey,
    tenant_id: t.tenantId,
    user_ids: t.userId,
    slug: t.slug,
    invitation_hash: t.invitationHash.toString('hex'),
    claim_values: JSON.stringify([t.tag]),
    passkey_id: t.tag,
    oidc_subject: `https://issuer.test ${t.tag}`,
    challenge_hash: t.challengeHash.toString('hex'),
    workspace_key: t.tag,
    installation_id: t.installationId,
  }
}

/** What gives a tenant's row away, wherever it turns up as text. */
export function marksOf(t: Tenant): string[] {
  return Object.values(t).flatMap((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value))
}

export async function insertRow(client: pg.ClientBase, table: string, row: Row, conflict = ''): Promise<void> {
  const columns = Object.keys(row)
  const places = columns.map((_, index) => `$${index + 1}`)
  await client.query(`insert into ${table} (${columns.join(', ')}) values (${places.join(', ')}) ${conflict}`, Object.values(row))
}

function relation(resource: [string, string], name: string, subject: [string, string]): Row {
  return { ...toTuple(resource, name, subject), created_at: at }
}

function toTuple([resource_type, resource_id]: [string, string], name: string, [subject_type, subject_id]: [string, string]): Row {
  return { resource_type, resource_id, relation: name, subject_type, subject_id, subject_relation: '' }
}

function event(t: Tenant, index: number, chain: Row): Row {
  const labels = {
    actor_kind: 'user',
    actor_id: t.userId,
    actor_label: t.tag,
    resource_kind: 'thing',
    resource_id: t.tag,
    resource_label: t.tag,
  }
  return { id: t.eventIds[index], at, action: 'workspace.create', ...labels, ...chain }
}
