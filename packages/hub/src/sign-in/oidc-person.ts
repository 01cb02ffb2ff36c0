import { normalizeEmail } from '../identity/index.ts'
import type { OidcClaims } from './oidc-client.ts'

/** Somebody as the provider vouches for them. */
export type OidcPerson = {
  issuer: string
  subject: string
  name: string
  /** Only one that the provider has verified: grants and invitations go by it. */
  email: string | null
  methods: string[]
  groups: string[]
}

// Of RFC 8176, and what providers say of passkeys.
const secondFactors = new Set(['mfa', 'otp', 'hwk', 'swk', 'sc', 'fido'])
const longestName = 100
const longestEmail = 254
const longestGroup = 200
const mostGroups = 500

export function toOidcPerson(claims: OidcClaims, groupsClaim: string): OidcPerson {
  const email = text(claims['email'], longestEmail)
  const verified = email !== null && claims['email_verified'] === true ? normalizeEmail(email) : null
  const name = text(claims['name'], longestName) ?? text(claims['preferred_username'], longestName) ?? verified ?? 'Unnamed'
  const isStrong = texts(claims['amr']).some((method) => secondFactors.has(method))
  return {
    issuer: claims.iss,
    subject: claims.sub,
    name: name.slice(0, longestName),
    email: verified,
    methods: isStrong ? ['oidc', 'mfa'] : ['oidc'],
    groups: [...new Set(texts(claims[groupsClaim]).flatMap((group) => text(group, longestGroup) ?? []))].slice(0, mostGroups),
  }
}

/** A list of texts, or one alone. */
function texts(claim: unknown): string[] {
  return (Array.isArray(claim) ? claim : [claim]).filter((value) => typeof value === 'string')
}

/** A text that can be stored and shown; null for none, and for one that is too long. */
function text(claim: unknown, longest: number): string | null {
  if (typeof claim !== 'string') return null
  const clean = claim.toWellFormed().replaceAll('\u0000', '').trim()
  return clean === '' || clean.length > longest ? null : clean
}
