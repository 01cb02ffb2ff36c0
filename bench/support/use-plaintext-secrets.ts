import { registerHooks } from 'node:module'

// Everything of the server stays as it is, but for the verbs that reveal and put.
const real = new URL('../../packages/instance/src/secrets/index.ts', import.meta.url).href
const plaintext = new URL('plaintext-secrets.ts', import.meta.url).href

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context)
    return resolved.url === real && context.parentURL !== plaintext ? { ...resolved, url: plaintext } : resolved
  },
})
