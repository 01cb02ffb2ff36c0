export type { Change, MutateOptions, PageOf, Place, RequestContext, Visible } from './context.ts'
export { pageById, pageOf, toPage } from './cursor.ts'
export type { Handler, Handlers, InputOf, StreamAnswer, StreamItem } from './handler.ts'
export { type KeyLimits, noLimits, type Principal } from './principal.ts'
