import { build, type Tx } from '@freehold/db'
import type { Step, StepContext, UndoContext } from '../index.ts'

type InTransaction = StepContext<object, unknown> & { tx: Tx }

/** A step that writes a row named after itself, and whose undo removes it. */
export function limitStep(
  name: string,
  more: { run?: (context: InTransaction) => Promise<unknown>; undo?: (context: InTransaction) => Promise<unknown> } = {},
): Step<object, never> {
  return {
    name,
    run: async (context: InTransaction) => {
      await insertLimit(context.tx, context.run.workspaceId, name)
      await more.run?.(context)
    },
    undo: async (context: InTransaction) => {
      await more.undo?.(context)
      await context.tx.run(build.deleteFrom('hub.workspace_limit').where('name', '=', name))
    },
  }
}

export function insertLimit(tx: Tx, workspaceId: string, name: string) {
  return tx.run(build.insertInto('hub.workspace_limit').values({ workspace_id: workspaceId, name, allowed: 1 }))
}

/** The names of the rows that steps have left in a workspace. */
export async function listLimits(tx: Tx): Promise<string[]> {
  const rows = await tx.rows(build.selectFrom('hub.workspace_limit').select('name').orderBy('name'))
  return rows.map((row) => row.name)
}
