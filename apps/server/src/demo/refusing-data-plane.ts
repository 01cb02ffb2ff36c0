import type { DataPlane } from '@freehold/hub'
import { FatalStepError } from '@freehold/workflow'

/** A data plane that can be told to turn down the next workspace, once. It is wired only where `--demo` asks for it. */
export type RefusingDataPlane = { dataPlane: DataPlane; refuseNext(reason: string): void }

export function createRefusingDataPlane(dataPlane: DataPlane): RefusingDataPlane {
  let refusal: string | null = null
  return {
    dataPlane: {
      async openWorkspace(tx, workspace) {
        const reason = refusal
        refusal = null
        if (reason !== null) throw new FatalStepError(reason)
        return dataPlane.openWorkspace(tx, workspace)
      },
      dropWorkspace: (tx, workspaceId) => dataPlane.dropWorkspace(tx, workspaceId),
    },
    refuseNext(reason) {
      refusal = reason
    },
  }
}
