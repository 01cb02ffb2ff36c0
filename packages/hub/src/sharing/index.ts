import { notBuilt } from '../not-built.ts'

export const sharingHandlers = notBuilt(
  'listMembers',
  'listGrants',
  'createGrant',
  'getGrant',
  'updateGrant',
  'revokeGrant',
  'transferOwnership',
)
