import type { WorkspaceSummary } from '@freehold/contract'

// Named again because the contract's own list would bring its schemas into the bundle; the type keeps the two equal.
const order: Record<WorkspaceSummary['status'], number> = {
  active: 0,
  provisioning: 1,
  frozen: 2,
  archived: 3,
  failed: 4,
  offboarding: 5,
  deleted: 6,
}

export const workspaceStatuses = Object.keys(order) as WorkspaceSummary['status'][]
