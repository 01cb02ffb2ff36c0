import type { FastifyInstance } from 'fastify'

const tusPath = /^\/v1\/workspaces\/[^/]+\/files\/tus(?:[/?]|$)/

/** Says, to whoever asks by OPTIONS, what is spoken where resumable uploads go. It is nothing of any workspace. */
export function registerTusOptions(app: FastifyInstance, maxFileBytes: number): void {
  const capabilities = {
    'tus-resumable': '1.0.0',
    'tus-version': '1.0.0',
    'tus-extension': 'creation,creation-with-upload,termination,checksum,expiration',
    'tus-checksum-algorithm': 'sha256',
    'tus-max-size': String(maxFileBytes),
  }
  app.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'OPTIONS' || !tusPath.test(request.url)) return done()
    reply.code(204).headers(capabilities).send()
  })
}
