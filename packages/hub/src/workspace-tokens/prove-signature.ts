import { AppError } from '@freehold/contract'
import { EpochMoved } from '@freehold/db'
import { importJWK, importSPKI, jwtVerify, type JWTPayload, type JWTVerifyOptions } from 'jose'
import { provingOf } from './algorithms.ts'
import { skewSeconds } from './claims.ts'
import type { InstallationKey } from './installation-key.ts'
import type { KeySets } from './key-sets.ts'
import type { WorkspaceKeys } from '../workspace-keys/index.ts'
import type { TokenMaterial } from './queries.ts'
import { openSecret } from './secrets.ts'

export type Presented = { token: string; algorithm: string; kid: string | undefined }
/** What a signature vouches for. `until` is the end of the key that proved it; `secretId` names the secret, if it was one. */
export type Proof = { payload: JWTPayload; until: Date | null; secretId: string | null }

type Key = Parameters<typeof jwtVerify>[1]
type Candidate = { key: Key; until: Date | null; secretId: string | null }
type Deps = { keys: WorkspaceKeys; key: () => InstallationKey; keySets: KeySets }
type Place = { workspaceId: string; material: TokenMaterial; now: Date }

/** Verifies a token's signature by the keys that its algorithm may be proved with, and no other. Null where none proves it. */
export async function proveSignature(deps: Deps, presented: Presented, place: Place): Promise<Proof | null> {
  const options: JWTVerifyOptions = {
    algorithms: [presented.algorithm],
    currentDate: place.now,
    clockTolerance: skewSeconds,
    requiredClaims: ['exp'],
  }
  for (const { key, until, secretId } of await candidates(deps, presented, place)) {
    const verified = await jwtVerify(presented.token, key, options).catch(() => null)
    if (verified) return { payload: verified.payload, until, secretId }
  }
  return null
}

async function candidates(deps: Deps, presented: Presented, place: Place): Promise<Candidate[]> {
  switch (provingOf(presented.algorithm)) {
    case 'installation':
      return installation(deps.key(), presented)
    case 'secret':
      return secrets(deps.keys, place)
    case 'published':
      return published(deps.keySets, presented, place.material)
    case undefined:
      return []
  }
}

function installation({ kid, publicKey }: InstallationKey, presented: Presented): Candidate[] {
  return presented.kid === kid ? [{ key: publicKey, until: null, secretId: null }] : []
}

/** Throws `sealed` rather than call a token wrong whose secret cannot be read at the moment. */
async function secrets(keys: WorkspaceKeys, { workspaceId, material }: Place): Promise<Candidate[]> {
  if (material.disableSecretKeyAuth) return []
  const opened = material.secrets.map(async (secret): Promise<Candidate[]> => {
    try {
      return [{ key: await openSecret(keys, workspaceId, secret), until: secret.expiresAt, secretId: secret.id }]
    } catch (error) {
      if (error instanceof AppError || error instanceof EpochMoved) throw error
      return [] // Damaged: it proves nothing.
    }
  })
  return (await Promise.all(opened)).flat()
}

/** A registered key, else one of the published set. A key verifies the algorithm that it was registered for and no other. */
async function published(keySets: KeySets, { kid, algorithm }: Presented, material: TokenMaterial): Promise<Candidate[]> {
  const named = material.publicKeys.filter((key) => kid === undefined || key.kid === kid)
  const fitting = named.filter((key) => key.algorithm === algorithm)
  if (fitting.length === 1) return imported(importSPKI(fitting[0]!.key, algorithm), null)
  const isOurs = kid !== undefined && named.length > 0
  if (fitting.length > 1 || isOurs || material.jwksUri === null) return []
  const found = await keySets.find(material.jwksUri, { kid, algorithm })
  return found ? imported(importJWK(found.jwk, algorithm), found.until) : []
}

async function imported(importing: Promise<Key>, until: Date | null): Promise<Candidate[]> {
  const key = await importing.catch(() => null)
  return key ? [{ key, until, secretId: null }] : []
}
