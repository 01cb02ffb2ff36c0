import type { Handlers } from '@freehold/authz/request'
import type { Notifications } from '@freehold/db'
import { exportWorkspaceAudit } from './export.ts'
import { listAccountAudit, listActivity, listWorkspaceAudit } from './list.ts'
import type { SigningKey } from './signing-key.ts'
import { streamWorkspaceAudit } from './stream.ts'
import { verifyWorkspaceAudit } from './verify.ts'

type AuditOperation =
  | 'listWorkspaceAudit'
  | 'listAccountAudit'
  | 'listActivity'
  | 'verifyWorkspaceAudit'
  | 'exportWorkspaceAudit'
  | 'streamWorkspaceAudit'

/** The verbs of the audit routes. `signingKey` is the one that the sealer signs heads with. */
export function auditHandlers(deps: { notifications: Notifications; signingKey: SigningKey }): Pick<Handlers, AuditOperation> {
  return {
    listWorkspaceAudit,
    listAccountAudit,
    listActivity,
    verifyWorkspaceAudit: verifyWorkspaceAudit(deps.signingKey),
    exportWorkspaceAudit,
    streamWorkspaceAudit: streamWorkspaceAudit(deps.notifications),
  }
}
