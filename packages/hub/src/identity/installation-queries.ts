import { build } from '@freehold/db'

export function findInstallation(id: string) {
  return build.selectFrom('hub.installation').select(['id', 'claimed_at']).where('id', '=', id)
}

export function insertInstallation(id: string, createdAt: Date) {
  return build.insertInto('hub.installation').values({ id, created_at: createdAt })
}

/** Touches no row when somebody has claimed it already. */
export function claimInstallation(id: string, at: Date) {
  return build.updateTable('hub.installation').set({ claimed_at: at }).where('id', '=', id).where('claimed_at', 'is', null)
}

export function insertAccount(account: { id: string; name: string; slug: string; createdAt: Date }) {
  const { id, name, slug, createdAt } = account
  return build.insertInto('hub.account').values({ id, name, slug, created_at: createdAt, updated_at: createdAt })
}

/** The operator that the first start made. Under the proof `installation_id`. */
export function findFirstOperator(installationId: string) {
  return build
    .selectFrom('hub.relationship')
    .select('subject_id as user_id')
    .where('resource_type', '=', 'installation')
    .where('resource_id', '=', installationId)
    .where('relation', '=', 'operator')
    .where('subject_type', '=', 'user')
    .orderBy('created_at')
    .orderBy('subject_id')
    .limit(1)
}

/** Lets one process at a time make or renew what belongs to the installation; the others wait, then see what it did. */
export const lockInstallation = {
  name: 'lock_installation',
  text: "select pg_advisory_xact_lock(hashtextextended('freehold:installation', 0))",
  values: [],
}
