import type { Upload } from '@freehold/authz/request'
import type { FastifyRequest } from 'fastify'
import { Readable } from 'node:stream'

/** The body of a request whose route takes bytes. */
export function uploadOf(request: FastifyRequest): Upload {
  const length = request.headers['content-length']
  let taken: Promise<unknown> | undefined
  return {
    contentType: request.headers['content-type'] ?? null,
    length: length === undefined ? null : Number(length),
    once<R>(take: (body: Readable) => Promise<R>): Promise<R> {
      // Without a media type Fastify parses nothing, and the bytes are still where they came in.
      taken ??= take(request.body instanceof Readable ? request.body : request.raw)
      return taken as Promise<R>
    },
  }
}
