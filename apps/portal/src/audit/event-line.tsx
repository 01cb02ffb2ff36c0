import type { AuditEvent } from '@freehold/contract'
import { Avatar } from '../ui/avatar.tsx'
import { objectOf, phraseOf } from './phrases.ts'

export const actorAvatar = ({ actor }: AuditEvent) => <Avatar name={actor.label} kind={actor.kind} />

/** Who did what to what, as one sentence. */
export function EventSentence({ event }: { event: AuditEvent }) {
  return (
    <span className="text-pretty break-words">
      <span className="font-medium">{event.actor.label}</span> <span className="text-fg-2">{phraseOf(event.action)}</span>{' '}
      <span>{objectOf(event)}</span>
    </span>
  )
}
