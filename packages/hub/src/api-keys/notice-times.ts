import type { NewNotice } from './notice-queries.ts'

const dayMs = 86_400_000

/** When to tell of a key's end: a week ahead, or for the last eighth of a life shorter than eight days; and when it has come. */
export function noticesOf(key: { id: string; workspaceId: string; createdAt: Date; expiresAt: Date | null }): NewNotice[] {
  const { id, workspaceId, createdAt, expiresAt } = key
  if (expiresAt === null) return []
  const life = expiresAt.getTime() - createdAt.getTime()
  const ahead = life < 8 * dayMs ? life / 8 : 7 * dayMs
  return [
    { credentialId: id, workspaceId, kind: 'expiry_notice', dueAt: new Date(expiresAt.getTime() - ahead) },
    { credentialId: id, workspaceId, kind: 'expire', dueAt: expiresAt },
  ]
}
