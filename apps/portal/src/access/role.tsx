import type { Grant } from '@freehold/contract'
import { sentenceCase } from '../text/words.ts'
import { Tag } from '../ui/status.tsx'

export type WorkspaceRole = Grant['role']

const descriptions: Record<WorkspaceRole, string> = {
  view: 'Sees everything but secret values.',
  edit: 'Everything in View, and creates, changes and runs things.',
  admin: 'Everything in Edit, and settings, secrets, members and API keys.',
  owner: 'Everything in Admin, and may hand the workspace over.',
}

/** Roles that somebody with these permissions may grant; a group is never an owner. */
export function grantableRoles(permissions: readonly string[], subject: 'user' | 'group') {
  const roles: WorkspaceRole[] =
    permissions.includes('transfer') && subject === 'user' ? ['view', 'edit', 'admin', 'owner'] : ['view', 'edit', 'admin']
  return roles.map((value) => ({ value, label: sentenceCase(value), description: descriptions[value] }))
}

export function RoleTag({ role }: { role: string }) {
  const tone = role === 'owner' ? 'accent' : role === 'admin' ? 'warn' : 'idle'
  return <Tag tone={tone}>{sentenceCase(role)}</Tag>
}
