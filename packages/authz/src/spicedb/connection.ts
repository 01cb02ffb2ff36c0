import { deadlineInterceptor, v1 } from '@authzed/authzed-node'
import { PermissionsUnavailable } from '../errors.ts'

export type SpiceDbOptions = {
  /** `host:port` of its gRPC API. */
  endpoint: string
  token: string
  /** Checks the server's certificate against the machine's authorities, or against those in the PEM. */
  tls: 'off' | 'system' | Buffer
  /** The deadline of each call. */
  timeoutMs?: number
}

/** Makes one call. Every failure is a PermissionsUnavailable: no answer is no permission. */
export type Call = <R>(ask: (client: v1.ZedPromiseClientInterface) => Promise<R>) => Promise<R>
export type Connection = { call: Call; close(): void }

const defaultTimeoutMs = 2500
const deadlineExceeded = 4
// InvalidArgument, NotFound, PermissionDenied, FailedPrecondition, OutOfRange, Unauthenticated: asking again changes nothing.
const refusals = new Set([3, 5, 7, 9, 11, 16])
const names = new Map([
  [5, 'it has no schema, or not that object'],
  [7, 'it does not accept the token'],
  [16, 'it does not accept the token'],
])

/** Opens no connection before the first call, and comes back by itself after the server was away. */
export function connect(options: SpiceDbOptions): Connection {
  let client = open(options)
  return {
    async call(ask) {
      const used = client
      try {
        return await ask(used.promises)
      } catch (error) {
        const code = codeOf(error)
        // A connection that has gone silent would be asked again and again until the system gives it up, a quarter of an hour later.
        if (code === deadlineExceeded && client === used) {
          client = open(options)
          used.close()
        }
        const why = names.get(code) ?? (error instanceof Error ? error.message : `status ${code}`)
        throw new PermissionsUnavailable(refusals.has(code) ? 'refused' : 'away', `SpiceDB gave no answer: ${why}`, { cause: error })
      }
    },
    close: () => client.close(),
  }
}

function open({ endpoint, token, tls, timeoutMs = defaultTimeoutMs }: SpiceDbOptions): v1.ZedClientInterface {
  const none = 0 // No service is connected to ahead: the ready-made ones would come without our deadline.
  const channel = {
    interceptors: [deadlineInterceptor(timeoutMs)],
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1000,
    // Its own connection, so that a new client does not take over the one that has gone silent.
    'grpc.use_local_subchannel_pool': 1,
  }
  if (Buffer.isBuffer(tls)) return v1.NewClientWithCustomCert(token, endpoint, tls, none, channel)
  const { SECURE, INSECURE_PLAINTEXT_CREDENTIALS } = v1.ClientSecurity
  return v1.NewClient(token, endpoint, tls === 'off' ? INSECURE_PLAINTEXT_CREDENTIALS : SECURE, none, channel)
}

function codeOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number' ? error.code : -1
}
