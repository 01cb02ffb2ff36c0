export { createWorkspaceKeys, type DataKey, openWorkspaceKey, workspaceKey } from './workspace-keys.ts'
