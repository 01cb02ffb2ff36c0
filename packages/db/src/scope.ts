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
  listedWorkspaceIds?: readonly string[] | undefined
  listedAccountIds?: readonly string[] | undefined
  gates?: readonly Gate[] | undefined
  /** Further gates that may be read, opened or raised. They are not compared. */
  raises?: readonly string[] | undefined
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
}>

export const enterText = 'select hub.enter($1, $2, $3, $4, $5, $6)'

/** The values of `enterText` for a scope. An empty scope is a bug, never "everything". */
export function enterValues(scope: Scope): (string | null)[] {
  const { workspaceId, accountId, principalId, listedWorkspaceIds, listedAccountIds, gates = [], raises = [], proof } = scope
  if (!workspaceId && !accountId && !principalId && !listedWorkspaceIds && !listedAccountIds && !proof) {
    throw new AppScopeError('a statement needs a scope')
  }
  const more =
    proof || listedWorkspaceIds || listedAccountIds
      ? JSON.stringify({ ...proof, workspace_ids: listedWorkspaceIds?.join(','), account_ids: listedAccountIds?.join(',') })
      : null
  return [
    workspaceId ?? '',
    accountId ?? '',
    principalId ?? '',
    // `enter` pairs ids with epochs in order and compares as many as there are epochs, so what is only raised comes last.
    [...gates.map((gate) => gate.id), ...raises].join(','),
    gates.map((gate) => gate.epoch).join(','),
    more,
  ]
}
