import { build, type Tx } from '@freehold/db'
import type { Step, StepContext, UndoContext } from '../index.ts'

type More = {
  run?: (context: StepContext<object, never> & { tx: Tx }) => Promise<unknown>
  undo?: (context: UndoContext<object, never> & { tx: Tx }) => Promise<unknown>
}

/** A step that writes a row named after itself, and whose undo removes it; `more` comes behind the one and before the other. */
export function limitStep(name: string, more: More = {}): Step<object, never> {
  return {
    name,
    run: async (context) => {
      await insertLimit(context.tx, context.run.workspaceId, name)
      await more.run?.(context)
    },
    undo: async (context) => {
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
