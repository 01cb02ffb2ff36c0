import type { AuditAction, AuditEvent } from '@freehold/contract'

/** Each action as the middle of "somebody … something". The type makes a new action ask for its words. */
const phrases: Record<AuditAction, string> = {
  'account.create': 'created account',
  'account.update': 'changed account',
  'api_key.create': 'created API key',
  'api_key.revoke': 'revoked API key',
  'personal_token.create': 'created personal token',
  'personal_token.revoke': 'revoked personal token',
  'provisioning_run.cancel': 'cancelled the provisioning of',
  'provisioning_run.retry': 'retried the provisioning of',
  'provisioning_run.stall': 'found provisioning stalled:',
  'session.create': 'signed in',
  'session.revoke': 'ended a session',
  'user.claim': 'claimed this installation as',
  'user.password_change': 'changed the password of',
  'user.update': 'changed the profile of',
  'workspace.activate': 'activated',
  'workspace.create': 'created workspace',
  'workspace.environment_create': 'added environment',
  'workspace.fail': 'could not provision',
  'workspace.freeze': 'froze',
  'workspace.unfreeze': 'unfroze',
  'workspace.update': 'changed settings of',
}

export const auditActionNames = Object.keys(phrases).sort()

export const phraseOf = (action: string): string => phrases[action as AuditAction] ?? action

/** A session's label is its browser: too long for a line, and said again in the details. */
export const objectOf = (event: AuditEvent): string => (event.action.startsWith('session.') ? '' : event.resource.label)
