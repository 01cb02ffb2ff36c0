import type { Egress } from '@freehold/drivers'
import type { InstanceDeps } from '../deps.ts'

export type CredentialDeps = InstanceDeps & { egress: Egress }
