import type { Invitation } from '@freehold/contract'
import { RoleTag } from '../access/role.tsx'
import { Button } from '../ui/button.tsx'
import type { Column } from '../ui/data-list.tsx'
import { Dot, type Tone } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { sentenceCase } from '../text/words.ts'

const tones: Record<Invitation['state'], Tone> = { pending: 'accent', accepted: 'ok', expired: 'warn', revoked: 'idle' }

type OnAct = (kind: 'resend' | 'revoke', invitation: Invitation) => void

export function invitationColumns(refusal: string | undefined, onAct: OnAct): Column<Invitation>[] {
  return [
    {
      header: 'Email',
      width: 'minmax(180px,1.8fr)',
      narrow: 'title',
      cell: ({ email }) => <span className="font-medium break-all">{email}</span>,
    },
    { header: 'Role', width: '84px', narrow: 'line', cell: ({ role }) => <RoleTag role={role} /> },
    {
      header: 'State',
      width: '110px',
      narrow: 'line',
      cell: ({ state }) => (
        <span className="inline-flex items-center gap-1.5">
          <Dot tone={tones[state]} />
          {sentenceCase(state)}
        </span>
      ),
    },
    { header: 'Sent', width: '100px', narrow: 'hidden', cell: ({ sent_at }) => <TimeAgo at={sent_at} /> },
    {
      header: 'Expires',
      width: '100px',
      narrow: 'line',
      cell: ({ state, expires_at }) => (state === 'pending' || state === 'expired' ? <TimeAgo at={expires_at} /> : '–'),
    },
    {
      header: 'Actions',
      headerHidden: true,
      width: '150px',
      narrow: 'aside',
      cell: (invitation) => (
        <span className="flex min-h-7 justify-end gap-1">
          {(invitation.state === 'pending' || invitation.state === 'expired') && (
            <>
              <Button
                size="sm"
                variant="ghost"
                aria-label={`Resend to ${invitation.email}`}
                reason={refusal}
                onClick={() => onAct('resend', invitation)}
              >
                Resend
              </Button>
              <Button size="sm" variant="ghost" aria-label={`Revoke ${invitation.email}`} onClick={() => onAct('revoke', invitation)}>
                Revoke
              </Button>
            </>
          )}
        </span>
      ),
    },
  ]
}
