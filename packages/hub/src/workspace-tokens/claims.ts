import type { JWTPayload } from 'jose'

/** What a token says, once its signature has been verified. Times are in seconds. */
export type Claims = {
  tenant: { key: string; name?: string; fields?: Record<string, unknown> } | null
  isAdmin: boolean
  expiresAt: number
  issuedAt: number | null
  id: string | null
}

/** How far clocks may be apart. */
export const skewSeconds = 60
/** A token that ends later is refused: what lives as long as a key should be one. */
export const longestLifetimeSeconds = 30 * 24 * 3600

const workspaceKeyPattern = /^wk_[0-9a-f]{32}$/
const tenantKeyPattern = /^[\x21-\x7e]{1,200}$/
const idPattern = /^[\w.:-]{1,100}$/
const mostFields = 50
const deepestField = 20

/** The workspace that a token names: by `workspaceKey`, or as older clients do by `iss`. Null where it names none, or two. */
export function namedWorkspace({ workspaceKey, iss }: JWTPayload): string | null {
  const issuer = isWorkspaceKey(iss) ? iss : undefined
  const named = workspaceKey === undefined ? issuer : workspaceKey
  return isWorkspaceKey(named) && (issuer === undefined || issuer === named) ? named : null
}

/** The claims, or null where one is not as it must be: nothing is guessed, since a wrong guess would reach too much. */
export function readClaims(payload: JWTPayload, expected: { now: Date; audiences: readonly string[] }): Claims | null {
  const { isAdmin = false, exp, nbf, iat, jti, aud } = payload
  const now = expected.now.getTime() / 1000
  if (!isTime(exp) || exp <= now - skewSeconds || exp > now + longestLifetimeSeconds + skewSeconds) return null
  if (nbf !== undefined && !(isTime(nbf) && nbf <= now + skewSeconds)) return null
  if (iat !== undefined && !(isTime(iat) && iat <= now + skewSeconds)) return null
  if (aud !== undefined && !(Array.isArray(aud) ? aud : [aud]).some((audience) => expected.audiences.includes(audience))) return null
  const tenant = readTenant(payload)
  if (tenant === undefined || typeof isAdmin !== 'boolean') return null
  const id = typeof jti === 'string' && idPattern.test(jti) ? jti : null
  return { tenant, isAdmin, expiresAt: exp, issuedAt: iat ?? null, id }
}

/** Null for a token of the whole workspace; undefined for one that names its tenant wrongly. */
function readTenant({ tenantKey, id, name, fields }: JWTPayload): Claims['tenant'] | undefined {
  if (tenantKey !== undefined && id !== undefined && tenantKey !== id) return undefined
  const key = tenantKey === undefined ? id : tenantKey
  if (name !== undefined && !isName(name)) return undefined
  if (fields !== undefined && !isFields(fields)) return undefined
  if (key === undefined) return null
  if (typeof key !== 'string' || !tenantKeyPattern.test(key)) return undefined
  return { key, ...(name !== undefined && { name }), ...(fields !== undefined && { fields }) }
}

function isWorkspaceKey(value: unknown): value is string {
  return typeof value === 'string' && workspaceKeyPattern.test(value)
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= 200 && isStorable(value)
}

function isFields(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const keys = Object.keys(value)
  return keys.length <= mostFields && keys.every((key) => key.length <= 64) && isStorable(value)
}

/** Whether Postgres can hold it: no NUL, no halves of surrogate pairs, no bottomless nesting. */
function isStorable(value: unknown, depth = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return depth < deepestField && Object.entries(value).every(([key, inner]) => isStorable(key) && isStorable(inner, depth + 1))
}
