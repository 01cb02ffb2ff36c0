const secretName = /^(?:.*_)?(?:hash|secret|password|token|plaintext|private_key)$|^key$/i

/**
 * Throws when a snapshot holds text, or bytes, under a name that secrets have. A chain is never edited, so what leaked into it
 * would stay; the change that tried is rolled back instead.
 */
export function refuseSecrets(snapshot: unknown, path = ''): void {
  if (typeof snapshot !== 'object' || snapshot === null) return
  for (const [name, value] of Object.entries(snapshot)) {
    const isText = typeof value === 'string' || ArrayBuffer.isView(value)
    if (isText && secretName.test(name)) throw new Error(`audit events hold no secrets: ${path}${name}`)
    if (!isText) refuseSecrets(value, `${path}${name}.`)
  }
}

/** What people keep under names of their own choice, without the texts under names that secrets have. */
export function withoutSecrets(kept: Record<string, unknown>): Record<string, unknown> {
  return maskSecrets(kept) as Record<string, unknown>
}

function maskSecrets(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(maskSecrets)
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      typeof inner === 'string' && secretName.test(name) ? { withheld: true } : maskSecrets(inner),
    ]),
  )
}
