import type { OrgWorkspace } from '@freehold/contract'

/** A program for Node that makes a token of this workspace, by its secret, or by a key pair where the secret is refused. */
export function signingSnippet({ key, publicKeys, settings }: OrgWorkspace): string {
  const pair = settings.disableSecretKeyAuth ? (publicKeys[0] ?? { kid: 'my-key', algorithm: 'ES256' }) : undefined
  const lines = pair
    ? [
        "import { importPKCS8, SignJWT } from 'jose'",
        '',
        `const key = await importPKCS8(process.env.FREEHOLD_PRIVATE_KEY, '${pair.algorithm}')`,
        `const header = { alg: '${pair.algorithm}', kid: ${JSON.stringify(pair.kid)} }`,
      ]
    : [
        "import { SignJWT } from 'jose'",
        '',
        'const key = new TextEncoder().encode(process.env.FREEHOLD_SECRET)',
        "const header = { alg: 'HS256' }",
      ]
  return [
    ...lines,
    'const token = await new SignJWT({',
    `  workspaceKey: '${key}',`,
    "  tenantKey: 'acme',",
    "  name: 'Acme',",
    '})',
    '  .setProtectedHeader(header)',
    '  .setIssuedAt()',
    "  .setExpirationTime('1h')",
    '  .sign(key)',
    'console.log(token)',
  ].join('\n')
}
