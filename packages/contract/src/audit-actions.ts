/** Every action that an audit event can carry: `resource.verb`. */
export const auditActions = [
  'account.create',
  'account.update',
  'api_key.create',
  'api_key.revoke',
  'personal_token.create',
  'personal_token.revoke',
  'provisioning_run.cancel',
  'provisioning_run.retry',
  'provisioning_run.stall',
  'session.create',
  'session.revoke',
  'user.claim',
  'user.password_change',
  'user.update',
  'workspace.activate',
  'workspace.create',
  'workspace.environment_create',
  'workspace.fail',
  'workspace.freeze',
  'workspace.unfreeze',
  'workspace.update',
] as const

export type AuditAction = (typeof auditActions)[number]
