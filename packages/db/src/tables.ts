import type { ColumnType } from 'kysely'

type Time = ColumnType<Date, Date | string, Date | string>
/** A bigint comes as text: 64 bits do not fit a number. */
type BigInt64 = ColumnType<string, string | number | bigint, string | number | bigint>
type Json<T> = ColumnType<T, string, string>
type Optional<T> =
  T extends ColumnType<infer S, infer I, infer U>
    ? ColumnType<S | null, I | null | undefined, U | null>
    : ColumnType<T | null, T | null | undefined, T | null>
type WithDefault<T> = T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>

type PublicKey = { kid: string; algorithm: string; key: string }

/** The rows of every table, by qualified name. Kept beside the migrations by a test. */
export type Tables = {
  'hub.gate': { id: string; kind: string; epoch: WithDefault<BigInt64>; zed_token: Optional<string>; zed_delivery: Optional<BigInt64> }
  'hub.spicedb': { installation_id: string; since: Time }
  'hub.relationship_outbox': {
    seq: BigInt64
    written_by: WithDefault<BigInt64>
    op: 'touch' | 'delete'
    resource_type: string
    resource_id: string
    relation: string
    subject_type: string
    subject_id: string
    subject_relation: string
    expires_at: Optional<Time>
  }
  'hub.installation': { id: string; claimed_at: Optional<Time>; created_at: Time }
  'hub.app_user': { id: string; name: string; email: Optional<string>; password_hash: Optional<string>; created_at: Time; updated_at: Time }
  'hub.account': {
    id: string
    name: string
    slug: string
    require_second_factor: WithDefault<boolean>
    max_api_key_lifetime_seconds: Optional<number>
    created_at: Time
    updated_at: Time
  }
  'hub.workspace': {
    id: string
    account_id: string
    name: string
    slug: string
    description: WithDefault<string>
    status: 'provisioning' | 'active' | 'frozen' | 'archived' | 'failed' | 'offboarding' | 'deleted'
    status_reason: Optional<string>
    status_before: Optional<'active' | 'frozen'>
    archived_at: Optional<Time>
    region: string
    tenancy_model: 'shared' | 'dedicated'
    settings: WithDefault<Json<Record<string, unknown>>>
    config_version: WithDefault<BigInt64>
    provisioning_run_id: Optional<string>
    created_by: Optional<string>
    created_at: Time
    updated_at: Time
  }
  'hub.environment': {
    workspace_id: string
    id: string
    slug: string
    name: string
    status: 'provisioning' | 'active'
    protected: WithDefault<boolean>
    created_at: Time
  }
  'hub.workspace_limit': { workspace_id: string; name: string; allowed: BigInt64 }
  'hub.relationship': {
    id: WithDefault<string>
    source: WithDefault<'direct' | 'claim'>
    resource_type: string
    resource_id: string
    relation: string
    subject_type: string
    subject_id: string
    subject_relation: WithDefault<string>
    expires_at: Optional<Time>
    created_at: Time
    created_by: Optional<string>
  }
  'hub.credential': {
    id: string
    kind: 'session' | 'personal_token' | 'api_key' | 'setup_link'
    hash: Buffer
    hint: string
    name: WithDefault<string>
    description: WithDefault<string>
    user_id: Optional<string>
    workspace_id: Optional<string>
    role: Optional<'admin' | 'edit' | 'view'>
    scopes: WithDefault<string[]>
    user_agent: WithDefault<string>
    ip: Optional<string>
    created_by: Optional<string>
    created_at: Time
    expires_at: Optional<Time>
    revoked_at: Optional<Time>
    allowed_ips: WithDefault<string[]>
    allowed_origins: WithDefault<string[]>
    environments: WithDefault<string[]>
    methods: WithDefault<string[]>
    replaces_id: Optional<string>
    grace_seconds: Optional<number>
  }
  'hub.member_activity': { workspace_id: string; user_id: string; last_active_at: Time }
  'hub.user_group': {
    account_id: string
    id: string
    name: string
    description: WithDefault<string>
    claim_value: Optional<string>
    created_at: Time
    updated_at: Time
  }
  'hub.invitation': {
    id: string
    account_id: string
    workspace_id: Optional<string>
    email: string
    role: 'admin' | 'edit' | 'view' | 'billing' | 'member'
    hash: Buffer
    created_by: Optional<string>
    created_at: Time
    sent_at: Time
    expires_at: Time
    accepted_at: Optional<Time>
    accepted_by: Optional<string>
    revoked_at: Optional<Time>
  }
  'hub.api_key_notice': { credential_id: string; workspace_id: string; kind: 'expiry_notice' | 'expire' | 'grace_start'; due_at: Time }
  'hub.totp': { user_id: string; sealed: Buffer; last_step: BigInt64; created_at: Time }
  'hub.recovery_code': { user_id: string; hash: Buffer; used_at: Optional<Time> }
  'hub.passkey': {
    id: string
    user_id: string
    credential_id: string
    public_key: Buffer
    counter: BigInt64
    transports: WithDefault<string[]>
    backed_up: boolean
    name: string
    created_at: Time
    last_used_at: Optional<Time>
  }
  'hub.oidc_identity': { issuer: string; subject: string; user_id: string; created_at: Time }
  'hub.answered_challenge': { hash: Buffer; expires_at: Time }
  'hub.workspace_key': { workspace_id: string; version: number; wrapped: Buffer; created_at: Time }
  'hub.workspace_profile': {
    workspace_id: string
    key: string
    logo_uri: Optional<string>
    webhook_uri: Optional<string>
    webhook_events: WithDefault<string[]>
    public_keys: WithDefault<Json<PublicKey[]>>
    jwks_uri: Optional<string>
    disable_secret_key_auth: WithDefault<boolean>
    type: WithDefault<'production' | 'development'>
    updated_at: Time
  }
  'hub.workspace_secret': {
    workspace_id: string
    id: string
    sealed: Buffer
    key_version: number
    created_at: Time
    expires_at: Optional<Time>
    grace_seconds: Optional<number>
  }
  'hub.credential_use': {
    credential_id: string
    workspace_id: Optional<string>
    user_id: Optional<string>
    last_used_at: Time
    last_ip: Optional<string>
  }
  'hub.throttle': { key: string; window_started_at: Time; failures: number }
  'hub.idempotency': {
    principal_id: string
    route: string
    key_hash: Buffer
    request_hash: Buffer
    status: number
    sealed: Buffer
    created_at: Time
  }
  'hub.audit_event': {
    id: string
    chain_kind: 'workspace' | 'account' | 'user'
    chain_id: string
    workspace_id: Optional<string>
    account_id: Optional<string>
    at: Time
    actor_kind: string
    actor_id: string
    actor_label: string
    action: string
    resource_kind: string
    resource_id: string
    resource_label: string
    before: Optional<Json<Record<string, unknown>>>
    after: Optional<Json<Record<string, unknown>>>
    request_id: Optional<string>
    ip: Optional<string>
    seq: Optional<BigInt64>
    prev_hash: Optional<string>
    hash: Optional<string>
  }
  'hub.audit_unsealed': { event_id: string; chain_kind: 'workspace' | 'account' | 'user'; chain_id: string }
  'hub.audit_head': { chain_id: string; chain_kind: string; seq: BigInt64; hash: string; at: Time; signature: string }
  'hub.saga_run': {
    id: string
    saga: string
    workspace_id: string
    account_id: string
    input: Json<Record<string, unknown>>
    status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'compensating'
    cancel_requested: WithDefault<boolean>
    parked: WithDefault<boolean>
    fence: WithDefault<number>
    error: Optional<string>
    created_at: Time
    stalled_at: Optional<Time>
    finished_at: Optional<Time>
  }
  'hub.saga_step': {
    workspace_id: string
    run_id: string
    position: number
    name: string
    status: 'pending' | 'running' | 'succeeded' | 'failed' | 'undone'
    attempts: WithDefault<number>
    failures: WithDefault<number>
    error: Optional<string>
    started_at: Optional<Time>
    finished_at: Optional<Time>
  }
  'hub.saga_pending': { run_id: string; since: Time; stalled: WithDefault<boolean> }
  'instance.workspace': { workspace_id: string; region: string; tenancy_model: string; applied_version: BigInt64; created_at: Time }
  'instance.tenant': {
    workspace_id: string
    id: string
    key: string
    name: string
    fields: WithDefault<Json<Record<string, unknown>>>
    disabled_at: Optional<Time>
    created_at: Time
    updated_at: Time
  }
  'instance.session': {
    workspace_id: string
    id: string
    tenant_id: Optional<string>
    name: string
    phase: 'pending' | 'creating' | 'running' | 'stopping' | 'stopped' | 'completed' | 'failed'
    created_by: Optional<string>
    created_at: Time
  }
  'instance.vault_collection': {
    workspace_id: string
    id: string
    name: string
    description: WithDefault<string>
    schema: Json<Record<string, unknown>>
    schema_version: WithDefault<number>
    indexes: WithDefault<Json<unknown[]>>
    next_index_no: WithDefault<number>
    hash_key: Optional<Buffer>
    key_version: Optional<number>
    created_by: Optional<string>
    created_at: Time
    updated_at: Time
    deleted_at: Optional<Time>
  }
  'instance.vault_record': {
    workspace_id: string
    collection_id: string
    id: string
    version: WithDefault<number>
    data: Json<Record<string, unknown>>
    sealed: Optional<Json<Record<string, string>>>
    hashes: Optional<Json<Record<string, string>>>
    key_version: Optional<number>
    created_at: Time
    updated_at: Time
  }
  'instance.vault_index_entry': {
    workspace_id: string
    collection_id: string
    index_no: number
    key: Buffer
    record_id: string
    is_unique: WithDefault<boolean>
  }
  'instance.vault_count': { workspace_id: string; collection_id: string; stripe: number; records: BigInt64 }
  'instance.vault_task': { collection_id: string; workspace_id: string; kind: 'build' | 'purge' }
}
