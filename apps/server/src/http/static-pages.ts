import fastifyStatic from '@fastify/static'
import { AppError } from '@freehold/contract'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { existsSync, readFileSync } from 'node:fs'

const portalFolder = new URL('../../../portal/dist/', import.meta.url)

// The portal brings its own scripts, styles and fonts and talks to this server only. `blob:` is for previews of image files: what is
// drawn as an image runs nothing. Frames and objects have no such right, so that no file becomes a document of this origin.
export const contentSecurityPolicy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "object-src 'none'",
].join('; ')

/** The portal's one page, or null where it has not been built. */
export function readPortalPage(): string | null {
  const index = new URL('index.html', portalFolder)
  return existsSync(index) ? readFileSync(index, 'utf8').replace('<head>', '<head><base href="/">') : null
}

/** Sends the portal's page, which every visit asks for anew: it names the files of the newest build. */
export function sendPortalPage(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
}

/** Serves the built portal: its files as they are, and its page for every address that is the portal's own. */
export async function registerPortal(app: FastifyInstance, page: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: portalFolder.pathname,
    index: false,
    wildcard: false,
    preCompressed: true,
    maxAge: '1h',
    immutable: false,
  })

  for (const url of [
    '/',
    '/login',
    '/setup',
    '/sign-in/*',
    '/invitations/*',
    '/workspaces',
    '/workspaces/*',
    '/accounts/*',
    '/activity',
    '/me',
    '/me/*',
  ])
    app.get(url, (_request, reply) => sendPortalPage(reply, page))
  app.get('/assets/*', () => {
    throw new AppError('not_found', 'No such file. Reload the page: the portal has been updated.')
  })
}
