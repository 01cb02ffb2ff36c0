/** How a token is proved: the installation's own key, a secret of the workspace, or a key that the customer published. */
export type Proving = 'installation' | 'secret' | 'published'

const provings: ReadonlyMap<string, Proving> = new Map([
  ['EdDSA', 'installation'],
  ['HS256', 'secret'],
  ['HS512', 'secret'],
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'].map((name) => [name, 'published'] as const),
])

/** Undefined for an algorithm that is not taken, `none` among them. The algorithm alone decides which keys are asked. */
export function provingOf(algorithm: unknown): Proving | undefined {
  return typeof algorithm === 'string' ? provings.get(algorithm) : undefined
}

const curves: Record<string, string> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' }

/** Whether a public JWK may verify the algorithm: by its own `alg` where it names one, else by its type and curve. */
export function fitsAlgorithm(jwk: { kty?: string; crv?: string; alg?: string; use?: string }, algorithm: string): boolean {
  if (jwk.alg !== undefined && jwk.alg !== algorithm) return false
  if (jwk.use !== undefined && jwk.use !== 'sig') return false
  const curve = curves[algorithm]
  return curve === undefined ? jwk.kty === 'RSA' : jwk.kty === 'EC' && jwk.crv === curve
}
