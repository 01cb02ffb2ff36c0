import type { CheckResult, ObjectRef } from '@freehold/authz'

export type ExplainDeps = {
  /** Decides over the stored relationships as they are now, and tells by which of them. */
  check(subject: ObjectRef, permission: string, resource: ObjectRef): Promise<Pick<CheckResult, 'allowed' | 'path'>>
}
