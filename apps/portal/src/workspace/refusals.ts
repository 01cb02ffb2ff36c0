import type { Workspace } from '@freehold/contract'

type Permission = Workspace['permissions'][number]

/** Why a person may not do something here; undefined when nothing stands in the way. The permission comes first: it does not pass. */
export function refusalOf(workspace: Workspace, permission: Permission, { whileFrozen = false } = {}): string | undefined {
  if (!workspace.permissions.includes(permission)) return `It needs the permission ${permission}. Ask an administrator of this workspace.`
  if (workspace.status === 'frozen' && !whileFrozen) return 'The workspace is frozen. Unfreeze it first.'
  if (workspace.status === 'archived' && !whileFrozen) return 'The workspace is archived. Restore it first.'
  return undefined
}

/** Why the workspace cannot be frozen or unfrozen now. */
export function freezeRefusal(workspace: Workspace): string | undefined {
  const refusal = refusalOf(workspace, 'administer', { whileFrozen: true })
  if (refusal) return refusal
  return workspace.status === 'active' || workspace.status === 'frozen'
    ? undefined
    : `Only an active workspace can be frozen; this one is ${workspace.status}.`
}

/** Why the workspace cannot be archived, or restored where it is archived already. */
export function archiveRefusal(workspace: Workspace): string | undefined {
  const refusal = refusalOf(workspace, 'administer', { whileFrozen: true })
  if (refusal) return refusal
  return workspace.status === 'active' || workspace.status === 'frozen' || workspace.status === 'archived'
    ? undefined
    : `Only an active or frozen workspace can be archived; this one is ${workspace.status}.`
}
