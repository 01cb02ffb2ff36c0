import { exportOfList, type Handlers } from '@freehold/authz/request'
import { createGrant } from './create-grant.ts'
import { getGrant, listGrants } from './list-grants.ts'
import { listMembers } from './list-members.ts'
import { revokeGrant } from './revoke-grant.ts'
import { transferOwnership } from './transfer-ownership.ts'
import { updateGrant } from './update-grant.ts'

export const memberExport = exportOfList('listMembers', listMembers)
export const grantExport = exportOfList('listGrants', listGrants)
export const sharingHandlers = {
  listMembers,
  listGrants,
  createGrant,
  getGrant,
  updateGrant,
  revokeGrant,
  transferOwnership,
} satisfies Partial<Handlers>
