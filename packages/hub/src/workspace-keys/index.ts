export { rotateWorkspaceKey } from './rotate-workspace-key.ts'
export { rewrapWorkspaceKeys } from './rewrap-workspace-keys.ts'
export { countByRoot as countWorkspaceKeysByRoot } from './queries.ts'
export { createWorkspaceKeys, type WorkspaceKeys } from './workspace-keys.ts'
