import { v1 } from '@authzed/authzed-node'
import { permissionNames } from '../engine.ts'
import { PermissionsUnavailable } from '../errors.ts'
import type { ObjectRef, SubjectRef } from '../relationship.ts'
import type { Schema } from '../schema-types.ts'
import type { Call } from './connection.ts'
import { type Freshness, toConsistency, toObject, toSubject } from './messages.ts'

export type Question = { subject: SubjectRef; permission: string; resource: ObjectRef }

const allowed = v1.CheckPermissionResponse_Permissionship.HAS_PERMISSION

/** Whether each of the questions is answered with yes, all in one call. One that cannot be answered fails them all. */
export async function checkAll(call: Call, questions: readonly Question[], freshness: Freshness): Promise<boolean[]> {
  const { pairs } = await call((client) =>
    client.checkBulkPermissions({
      consistency: toConsistency(freshness),
      items: questions.map(({ subject, permission, resource }) => ({
        resource: toObject(resource),
        permission,
        subject: toSubject(subject),
      })),
      withTracing: false,
    }),
  )
  if (pairs.length !== questions.length) throw new PermissionsUnavailable('refused', 'SpiceDB left questions unanswered')
  return pairs.map(({ response }, index) => {
    if (response.oneofKind === 'item') return response.item.permissionship === allowed
    const why = response.oneofKind === 'error' ? response.error.message : 'no answer'
    throw new PermissionsUnavailable('refused', `SpiceDB could not decide ${questions[index]?.permission}: ${why}`)
  })
}

/** All permissions of the subject on the resource, from one call and so from one state of the data. */
export async function permissionsOn(
  call: Call,
  schema: Schema,
  { subject, resource }: { subject: SubjectRef; resource: ObjectRef },
  freshness: Freshness,
): Promise<Set<string>> {
  const names = permissionNames(schema, resource.type)
  const answers = await checkAll(
    call,
    names.map((permission) => ({ subject, permission, resource })),
    freshness,
  )
  return new Set(names.filter((_, index) => answers[index]))
}
