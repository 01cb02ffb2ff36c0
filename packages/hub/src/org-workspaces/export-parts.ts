import type { ExportPart } from '@freehold/authz/request'
import { requireOrgWorkspace } from './find-org-workspace.ts'
import { toOrgWorkspace } from './org-workspace-answer.ts'

/** How tokens of the workspace are verified and where its webhooks go: public keys, and no secret. */
export const tokenSettingsExport: ExportPart = {
  name: 'token_settings',
  columns: ['key', 'type', 'disable_secret_key_auth', 'public_keys', 'jwks_uri', 'webhook_uri', 'webhook_events', 'logo_uri'],
  async *rows(ctx) {
    const { row } = await requireOrgWorkspace(ctx.db, ctx.granted('workspace', 'read'))
    const { key, type, disable_secret_key_auth, public_keys, jwks_uri, webhook_uri, webhook_events, logo_uri } = row
    yield { key, type, disable_secret_key_auth, public_keys, jwks_uri, webhook_uri, webhook_events, logo_uri }
  },
}

/** What the workspace may have at most. */
export const limitExport: ExportPart = {
  name: 'limits',
  columns: ['name', 'allowed'],
  async *rows(ctx) {
    const { limits } = toOrgWorkspace(await requireOrgWorkspace(ctx.db, ctx.granted('workspace', 'read')))
    for (const [name, allowed] of Object.entries(limits)) yield { name, allowed }
  },
}
