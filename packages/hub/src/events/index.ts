import type { Handlers } from '@freehold/authz/request'
import { type EventsDeps, streamEvents } from './stream-events.ts'

export { follow } from './follow.ts'
export type { EventsDeps }

export function eventsHandlers(deps: EventsDeps): Pick<Handlers, 'streamEvents'> {
  return { streamEvents: streamEvents(deps) }
}
