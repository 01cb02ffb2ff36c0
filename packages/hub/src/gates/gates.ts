import type { Tx } from '@freehold/db'
import { type GateKind, insertGate, updateEpochs } from './queries.ts'

/** Makes the gate of a user, group, account, workspace or installation that is born in this transaction. */
export async function openGate(tx: Tx, kind: GateKind, id: string): Promise<void> {
  await Promise.all([reach(tx, [id]), tx.run(insertGate(kind, id))])
}

/**
 * Raises epochs, so that whatever was decided under them is decided anew once this transaction has committed.
 * Call it once with all ids and as late as possible: it holds their rows until the end.
 *
 * From here on the transaction's scope has no `gates` to compare: they were compared when it began, and would now
 * differ by its own doing. Whoever enters a further scope starts from `tx.scope`.
 */
export async function raiseGates(tx: Tx, ids: readonly string[]): Promise<void> {
  const distinct = [...new Set(ids)]
  if (distinct.length === 0) return
  const [, raised] = await Promise.all([reach(tx, distinct), tx.run(updateEpochs(distinct))])
  // A gate that is not there would let every decision made before stand.
  if (raised !== distinct.length) throw new Error(`${distinct.length - raised} of the gates ${distinct.join(', ')} do not exist`)
}

async function reach(tx: Tx, ids: readonly string[]): Promise<void> {
  const { gates = [], raises = [] } = tx.scope
  if (gates.length === 0 && ids.every((id) => raises.includes(id))) return
  await tx.enter({ ...tx.scope, gates: [], raises: [...new Set([...gates.map((gate) => gate.id), ...raises, ...ids])] })
}
