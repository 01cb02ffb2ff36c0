import type { CredentialCheck } from '@freehold/contract'
import { formatDuration } from '../text/time.ts'
import { asSentence } from '../text/words.ts'
import { Prose } from '../ui/prose.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { Dot } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'

/** What the last check found and what to do about it, or that one is under way. */
export function CheckResult({ check, busy }: { check: CredentialCheck | null; busy: boolean }) {
  return (
    <span role="status" className="@max-[46rem]:inline">
      {busy ? (
        <span className="inline-flex items-center gap-1.5 text-fg-2">
          <Spinner />
          Connecting…
        </span>
      ) : check ? (
        <>
          <span className="inline-flex items-center gap-1.5">
            <Dot tone={check.ok ? 'ok' : 'bad'} />
            <span className={check.ok ? 'text-fg' : 'text-bad'}>{check.ok ? 'Works' : 'Failed'}</span>
            <span className="text-fg-3">
              <TimeAgo at={check.checked_at} />, {formatDuration(check.latency_ms)}
            </span>
          </span>
          <span className="block text-xs break-words text-fg-2">
            <Prose>{asSentence(check.message)}</Prose>
          </span>
          {check.hint && (
            <span className="block text-xs break-words text-fg-3">
              <Prose>{asSentence(check.hint)}</Prose>
            </span>
          )}
        </>
      ) : (
        <span className="text-fg-3">Not checked yet</span>
      )}
    </span>
  )
}
