import type { Resealer } from '@freehold/db'
import { workspaceSecretResealer } from '@freehold/hub'
import { credentialResealer, secretResealer, vaultResealers } from '@freehold/instance'

/** Every table that is sealed under data keys of workspaces: one line each. A rotation of a workspace's key goes through all of them. */
export const resealers: readonly Resealer[] = [workspaceSecretResealer, secretResealer, credentialResealer, ...vaultResealers]
