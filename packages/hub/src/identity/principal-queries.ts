import { build } from '@freehold/db'
import { sql } from 'kysely'

/**
 * A live credential of a user, with everything that a decision needs to know of the user and the epoch under which it is true:
 * one statement, one snapshot. The scope is the user, with the proof `installation_id`.
 */
export function findUserPrincipal(credentialId: string, userId: string, installationId: string, now: Date) {
  return liveCredential(credentialId, now)
    .innerJoin('hub.app_user as user', 'user.id', 'credential.user_id')
    .innerJoin('hub.gate as gate', 'gate.id', 'credential.user_id')
    .where('credential.user_id', '=', userId)
    .select(['user.name', 'user.email', 'gate.epoch', 'credential.scopes', 'credential.methods', 'credential.expires_at'])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('hub.relationship')
            .select(sql`1`.as('one'))
            .where('resource_type', '=', 'installation')
            .where('resource_id', '=', installationId)
            .where('relation', '=', 'operator')
            .where('subject_type', '=', 'user')
            .where('subject_id', '=', userId)
            .where('subject_relation', '=', ''),
        )
        .as('operator'),
    )
}

/** The same of an API key, whose gate is that of its workspace. The scope is the workspace. */
export function findKeyPrincipal(credentialId: string, workspaceId: string, now: Date) {
  return liveCredential(credentialId, now)
    .innerJoin('hub.gate as gate', 'gate.id', 'credential.workspace_id')
    .where('credential.workspace_id', '=', workspaceId)
    .select([
      'credential.name',
      'credential.role',
      'credential.scopes',
      'credential.allowed_ips',
      'credential.allowed_origins',
      'credential.environments',
      'credential.expires_at',
      'gate.epoch',
    ])
}

function liveCredential(id: string, now: Date) {
  return build
    .selectFrom('hub.credential as credential')
    .where('credential.id', '=', id)
    .where('credential.revoked_at', 'is', null)
    .where((eb) => eb.or([eb('credential.expires_at', 'is', null), eb('credential.expires_at', '>', now)]))
}
