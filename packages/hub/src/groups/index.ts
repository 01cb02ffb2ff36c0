import { notBuilt } from '../not-built.ts'

export const groupHandlers = notBuilt(
  'listGroups',
  'createGroup',
  'getGroup',
  'updateGroup',
  'deleteGroup',
  'listGroupMembers',
  'addGroupMember',
  'removeGroupMember',
  'addGroupChild',
  'removeGroupChild',
)
