import type { LookupResult, ObjectRef } from '@freehold/authz'
import type { Gate } from '@freehold/db'

/** How long an answer stands: until one of the gates moves or the time has come. */
export type Standing = { gates: readonly Gate[]; expiresAt: Date | null }
export type Held = Standing & { permissions: ReadonlySet<string> }
export type Listed = Standing & { lists: readonly Pick<LookupResult, 'ids' | 'through'>[] }
export type ListQuestion = { permission: string; type: string }

/** Who may do what, whoever works it out. What it throws refuses; it never answers from less than has been acknowledged. */
export type PermissionEngine = {
  /** All permissions of the subject on the resource. `accountId` is the account that the resource belongs to. */
  permissionsOn(subject: ObjectRef, resource: ObjectRef, accountId: string | null): Promise<Held>
  /** For each question, all objects of the type on which the subject has the permission. */
  list(subject: ObjectRef, questions: readonly ListQuestion[]): Promise<Listed>
}

export function earliest(left: Date | null, right: Date | null): Date | null {
  return left && right ? (left < right ? left : right) : (left ?? right)
}
