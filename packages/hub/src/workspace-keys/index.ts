export { type DataKey, openWorkspaceKey, workspaceKey } from './workspace-keys.ts'
