import { Users } from 'lucide-react'
import { Avatar } from './avatar.tsx'

type PersonProps = { name: string; note?: string | null | undefined; group?: boolean }

/** Somebody, or a group, as the first cell of a row: a picture, the name, and a line in small print. */
export function Person({ name, note, group = false }: PersonProps) {
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      {group ? (
        <span aria-hidden className="grid size-6 shrink-0 place-items-center rounded-full bg-press text-fg-2">
          <Users className="size-3.5" />
        </span>
      ) : (
        <Avatar name={name} />
      )}
      <span className="block min-w-0">
        <span className="block font-medium break-words">{name}</span>
        {note && <span className="block text-xs break-words text-fg-3">{note}</span>}
      </span>
    </span>
  )
}
