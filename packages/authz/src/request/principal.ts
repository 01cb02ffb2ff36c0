import type { ApiKeyRole } from '@freehold/contract'
import type { Gate } from '@freehold/db'

/** Who makes a request: proved by a credential, and only as long as `gates` have not moved. */
export type Principal = {
  kind: 'user' | 'api_key'
  /** The user's id, or the key's. */
  id: string
  /** The user's or key's name, as audit events show it. */
  label: string
  email: string | null
  /** Runs the installation. */
  operator: boolean
  /** An API key's workspace and role; null for a user. */
  workspaceId: string | null
  role: ApiKeyRole | null
  scopes: readonly string[]
  credential: { id: string; kind: 'session' | 'personal_token' | 'api_key'; expiresAt: Date | null }
  gates: readonly Gate[]
}
