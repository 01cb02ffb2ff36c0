import { noLimits, type Principal } from '@freehold/authz/request'

/** Who calls a public route: nobody yet. It has no id, so nothing of anybody's is in its scope. */
export const anonymous: Principal = {
  kind: 'user',
  id: '',
  label: 'anonymous',
  email: null,
  operator: false,
  workspaceId: null,
  role: null,
  scopes: [],
  tenant: null,
  secondFactor: false,
  limits: noLimits,
  credential: { id: '', kind: 'session', expiresAt: null },
  gates: [],
}
