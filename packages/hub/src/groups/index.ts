import type { Handlers } from '@freehold/authz/request'
import { createGroup } from './create-group.ts'
import { deleteGroup } from './delete-group.ts'
import { addGroupChild, removeGroupChild } from './group-children.ts'
import { addGroupMember, removeGroupMember } from './group-members.ts'
import { listGroupMembers } from './list-group-members.ts'
import { getGroup, listGroups } from './list-groups.ts'
import { updateGroup } from './update-group.ts'

export { listGroupNames } from './queries.ts'
export { findMemberships } from './member-queries.ts'
export { type ClaimSync, syncClaimedMemberships } from './sync-claimed-memberships.ts'

export const groupHandlers = {
  listGroups,
  createGroup,
  getGroup,
  updateGroup,
  deleteGroup,
  listGroupMembers,
  addGroupMember,
  removeGroupMember,
  addGroupChild,
  removeGroupChild,
} satisfies Partial<Handlers>
