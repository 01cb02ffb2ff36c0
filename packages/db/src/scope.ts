import { AppScopeError } from './database-errors.ts'

/** A gate (of a user, group, account or workspace) and the epoch under which a decision was made. */
export type Gate = { id: string; epoch: string }

/**
 * What a transaction may see and write. Row-level security lets a statement reach the named workspace, account
 * and principal and nothing else; `listed*` name what a list has been authorized to show, for reading only.
 * `gates` are compared with the database before anything runs.
 */
export type Scope = {
  workspaceId?: string | undefined
  accountId?: string | undefined
  principalId?: string | undefined
  /** Of the tables that tenants share, only this tenant's rows. */
  tenantId?: string | undefined
  listedWorkspaceIds?: readonly string[] | undefined
  listedAccountIds?: readonly string[] | undefined
  gates?: readonly Gate[] | undefined
  /** Further gates that may be read, opened or raised. They are not compared. */
  raises?: readonly string[] | undefined
  /** The longest that the statement may take, where that is less than the connection allows. */
  statementTimeoutMs?: number | undefined
  /** Narrow proofs that few statements need, each read by one policy. */
  proof?: Proof | undefined
}

export type Proof = Partial<{
  credential_hash: string
  email: string
  run_id: string
  throttle_key: string
  installation_id: string
  object_ids: string
  chain_ids: string
  user_ids: string
  slug: string
  invitation_hash: string
  /** A JSON array. */
  claim_values: string
  passkey_id: string
  oidc_subject: string
  challenge_hash: string
  workspace_key: string
}>

/**
 * Sets the scope of a transaction and compares the gates in the snapshot in which the statement after it reads. Epochs
 * only rise, so their sum moves whenever one of them does. `(select $4)` hides the array's length from the planner, which
 * would otherwise plan the statement anew each time (measured: 65 µs of Postgres' time instead of 17).
 */
export const enterText = `
  select set_config('app.workspace_id', $1, true), set_config('app.account_id', $2, true), set_config('app.principal_id', $3, true),
    case when $5::numeric is null or (select sum(epoch) from hub.gate where id = any ((select $4::uuid[])::uuid[])) = $5 then null else hub.refuse_moved() end,
    case when $6::jsonb is null then null else hub.set_more($6) end`

/** The settings that few scopes have, by name. */
export function narrowSettings({ proof, tenantId, statementTimeoutMs, listedWorkspaceIds, listedAccountIds, raises }: Scope): Record<string, string> {
  return {
    ...proof,
    ...(tenantId && { tenant_id: tenantId }),
    ...(statementTimeoutMs !== undefined && { statement_timeout: String(statementTimeoutMs) }),
    ...(listedWorkspaceIds && { workspace_ids: listedWorkspaceIds.join(',') }),
    ...(listedAccountIds && { account_ids: listedAccountIds.join(',') }),
    ...(raises && raises.length > 0 && { gate_ids: raises.join(',') }),
  }
}

/**
 * The values of `enterText` for a scope. An empty scope is a bug, never "everything". `held` names narrow settings that
 * earlier scopes of the same transaction have made: they must not outlive those scopes.
 */
export function enterValues(scope: Scope, held: Iterable<string> = []): (string | null)[] {
  const { workspaceId, accountId, principalId, listedWorkspaceIds, listedAccountIds, gates = [], proof } = scope
  if (!workspaceId && !accountId && !principalId && !listedWorkspaceIds && !listedAccountIds && !proof) {
    throw new AppScopeError('a statement needs a scope')
  }
  const narrow = narrowSettings(scope)
  for (const name of held) narrow[name] ??= ''
  return [
    workspaceId ?? '',
    accountId ?? '',
    principalId ?? '',
    gates.length === 0 ? null : `{${gates.map((gate) => gate.id).join(',')}}`,
    gates.length === 0 ? null : sumOf(gates),
    isEmpty(narrow) ? null : JSON.stringify(narrow),
  ]
}

function sumOf(gates: readonly Gate[]): string {
  let sum = 0n
  for (const { epoch } of gates) sum += BigInt(epoch)
  return String(sum)
}

function isEmpty(object: object): boolean {
  for (const _ in object) return false
  return true
}
