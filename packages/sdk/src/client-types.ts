import type { Contract, OperationId, RouteInput, RouteOutput } from '@freehold/contract'
import type { StreamEvent, StreamOptions } from './event-stream.ts'
import type { CallOptions, Content } from './outgoing.ts'
import type { Page } from './page.ts'

type Members<R, K extends 'params' | 'query' | 'body'> = R extends { [P in K]: unknown } ? RouteInput<R>[K] : unknown
/** One object, and `undefined` as good as absent. */
type Flat<T> = { [K in keyof T]: Record<never, never> extends Pick<T, K> ? T[K] | undefined : T[K] }

/** Path parameters, query parameters and body of an operation in one object. */
export type Input<Id extends OperationId> = Flat<
  Members<Contract[Id], 'params'> &
    Members<Contract[Id], 'query'> &
    Members<Contract[Id], 'body'> &
    (Contract[Id] extends { takes: 'bytes' } ? { content: Content } : unknown)
>
/** What an operation answers; of a list, the array of one page. */
export type Output<Id extends OperationId> = RouteOutput<Contract[Id]>
/** What a list is a list of. */
export type Item<Id extends OperationId> = Output<Id> extends readonly (infer T)[] ? T : never

type Arguments<Id extends OperationId, Options> =
  Record<never, never> extends Input<Id> ? [input?: Input<Id>, options?: Options] : [input: Input<Id>, options?: Options]

/** An answer with what its headers say. */
export type Answer<T> = {
  data: T
  status: number
  /** For `ifMatch`. */
  etag: string | null
  location: string | null
  requestId: string | null
  headers: Headers
}

export type Method<Id extends OperationId> = Contract[Id] extends { stream: 'sse' }
  ? (...args: Arguments<Id, StreamOptions>) => AsyncGenerator<StreamEvent, void, undefined>
  : Contract[Id] extends { stream: 'bytes' }
    ? /** The response once its headers are there; its body is still to be read. */
      (...args: Arguments<Id, CallOptions>) => Promise<Response>
    : Contract[Id] extends { stream: 'jsonl' }
      ? (...args: Arguments<Id, CallOptions>) => AsyncGenerator<Output<Id>, void, undefined>
      : Contract[Id] extends { list: true }
        ? (...args: Arguments<Id, CallOptions>) => Page<Item<Id>>
        : (...args: Arguments<Id, CallOptions>) => Promise<Output<Id>>

type PlainId = { [Id in OperationId]: Contract[Id] extends { stream: unknown } ? never : Id }[OperationId]

/** A method for each operation of the contract; under `raw` the same, answering the headers too (a list: its first page). */
export type Client = { [Id in OperationId]: Method<Id> } & {
  raw: { [Id in PlainId]: (...args: Arguments<Id, CallOptions>) => Promise<Answer<Output<Id>>> }
}
