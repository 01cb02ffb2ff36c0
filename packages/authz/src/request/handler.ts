import type { Contract, OperationId, RouteInput, RouteOutput } from '@freehold/contract'
import type { BytesAnswer, Upload } from './bytes.ts'
import type { PageOf, RequestContext } from './context.ts'

/** A stream's source: yields until it is done or `signal` aborts (client gone, access lost, server stopping). */
export type StreamAnswer = (signal: AbortSignal, lastEventId: string | null) => AsyncIterable<StreamItem>
export type StreamItem = { event: string; data: unknown; id?: string }

type Answer<R> = R extends { stream: 'bytes' }
  ? BytesAnswer
  : R extends { stream: string }
    ? StreamAnswer
    : R extends { list: true }
      ? RouteOutput<R> extends (infer Item)[]
        ? PageOf<Item>
        : never
      : RouteOutput<R>

/** The verb behind a route. */
export type Handler<Id extends OperationId> = (ctx: RequestContext, input: InputOf<Id>) => Promise<Answer<Contract[Id]>>

/** A verb for every route of the contract: a missing one does not compile. */
export type Handlers = { [Id in OperationId]: Handler<Id> }
export type InputOf<Id extends OperationId> = Contract[Id] extends { takes: 'bytes' }
  ? Omit<RouteInput<Contract[Id]>, 'body'> & { body: Upload }
  : RouteInput<Contract[Id]>
