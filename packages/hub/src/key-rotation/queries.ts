import type { OwnerReads } from '@freehold/db'

/** Takes the rotation for the owner's session, so it ends with this process, however that ends; false where another has it. */
export async function lockRotation(owner: OwnerReads): Promise<boolean> {
  const [row] = await owner.sql<{ taken: boolean }>({
    name: 'root_key_lock_rotation',
    text: "select pg_try_advisory_lock(hashtextextended('freehold:root-key-rotation', 0)) as taken",
    values: [],
  })
  return row?.taken === true
}
