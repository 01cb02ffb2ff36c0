import { AppError, type Permission, type ResourceType } from '@freehold/contract'

declare const proof: unique symbol

/** Proof that a permission on an object was checked. Queries and verbs ask for it, so that they cannot run unchecked. */
export type Granted<T extends ResourceType = ResourceType, P = Permission<T>> = {
  readonly type: T
  readonly id: string
  readonly [proof]: P
}

/** Makes the proof. Only the code that has just decided may call this: whoever holds the result is let through everywhere. */
export function mintGranted<T extends ResourceType, P extends Permission<T>>(type: T, id: string): Granted<T, P> {
  return { type, id } as Granted<T, P>
}

/** Decides for one kind of actor. Whatever it throws refuses. */
export type Authorizer<Actor> = {
  check<T extends ResourceType>(actor: Actor, permission: Permission<T>, type: T, id: string): Promise<boolean>
}

/** The proof that the actor has the permission, or the AppError that answers instead: `not_found` to who may not even read, `forbidden` to others. */
export async function authorize<Actor extends { readonly id: string }, T extends ResourceType, P extends Permission<T>>(
  authorizer: Authorizer<Actor>,
  actor: Actor,
  permission: P,
  type: T,
  id: string,
): Promise<Granted<T, P>> {
  if (await authorizer.check(actor, permission, type, id)) return mintGranted(type, id)

  // Who may not read must not learn that it exists: this is the error of a missing id, byte for byte.
  const isVisible = permission !== 'read' && (await authorizer.check(actor, 'read' as Permission<T>, type, id))
  if (!isVisible) throw new AppError('not_found', `No such ${type}.`, { detail: { actor: actor.id, permission, id } })
  throw new AppError('forbidden', `You need ${permission} on this ${type}.`, { members: { permission } })
}
