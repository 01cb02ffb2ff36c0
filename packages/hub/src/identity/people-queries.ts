import { build, type Db } from '@freehold/db'

export type Person = { id: string; name: string; email: string | null }

/** Under the proof `email`, or `user_ids` with this id. */
export function findPerson(db: Db, by: { id: string } | { email: string }): Promise<Person | undefined> {
  const people = build.selectFrom('hub.app_user').select(['id', 'name', 'email'])
  return db.first('id' in by ? people.where('id', '=', by.id) : people.where((eb) => eb(eb.fn('lower', ['email']), '=', by.email)))
}

/** Names by id, under the proof `user_ids`. */
export async function listNames(db: Db, userIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await db.rows(build.selectFrom('hub.app_user').select(['id', 'name']).where('id', 'in', userIds))
  return new Map(rows.map((row) => [row.id, row.name]))
}
