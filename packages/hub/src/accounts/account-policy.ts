import type { Gate, ReadPool } from '@freehold/db'

/** What every decision on an account or its workspaces needs to know of it, and the gate that guards that knowledge. */
export type AccountPolicy = { id: string; requiresSecondFactor: boolean; gate: Gate }

export async function findAccountPolicies(reads: ReadPool, accountIds: readonly string[]): Promise<AccountPolicy[]> {
  if (accountIds.length === 0) return []
  const rows = await reads.under({ listedAccountIds: accountIds }).sql<{ id: string; require_second_factor: boolean; epoch: string }>({
    name: 'account_policies',
    text: 'select a.id, a.require_second_factor, g.epoch from hub.account a join hub.gate g on g.id = a.id where a.id = any ($1)',
    values: [accountIds],
  })
  return rows.map((row) => ({ id: row.id, requiresSecondFactor: row.require_second_factor, gate: { id: row.id, epoch: row.epoch } }))
}
