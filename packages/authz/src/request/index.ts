export type { Change, MutateOptions, PageOf, Place, RequestContext, Visible } from './context.ts'
export { labelKey, pageById, pageByLabel, pageOf, toPage } from './cursor.ts'
export type { Handler, Handlers, InputOf, StreamAnswer, StreamItem } from './handler.ts'
export { type KeyLimits, noLimits, type Principal } from './principal.ts'
