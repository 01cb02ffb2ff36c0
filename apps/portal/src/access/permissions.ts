import type { Workspace } from '@freehold/contract'

type Permission = Workspace['permissions'][number]

const labels: Record<Permission, string> = {
  read: 'read — see everything but secret values',
  write: 'write — change files, records, sessions and the like',
  execute: 'execute — run, start, stop, send a message',
  deploy: 'deploy — release and promote',
  manage_secrets: 'manage_secrets — set secrets and credentials',
  reveal: 'reveal — see secret values',
  ddl: 'ddl — make and drop collections',
  manage_members: 'manage_members — grants, invitations, API keys',
  administer: 'administer — settings, freeze, archive, tokens',
  transfer: 'transfer — hand over the ownership',
}

export const permissionOptions = Object.entries(labels).map(([value, label]) => ({ value, label }))
export const readPermission = (text: string | undefined): Permission =>
  text && Object.hasOwn(labels, text) ? (text as Permission) : 'read'
