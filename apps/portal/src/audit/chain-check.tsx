import type { ChainVerification } from '@freehold/contract'
import { ShieldCheck, ShieldX } from 'lucide-react'
import { useState } from 'react'
import { client } from '../api/client.ts'
import { describeProblem } from '../api/problem.ts'
import { formatFull } from '../text/time.ts'
import { plural } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { showToast } from '../ui/toast-store.ts'

export function useChainCheck(workspaceId: string) {
  const [result, setResult] = useState<ChainVerification>()
  const [busy, setBusy] = useState(false)
  const verify = async () => {
    setBusy(true)
    try {
      setResult(await client.verifyWorkspaceAudit({ workspace_id: workspaceId }))
    } catch (error) {
      showToast({ type: 'error', title: 'The chain could not be checked', description: describeProblem(error) })
    } finally {
      setBusy(false)
    }
  }
  return { result, busy, verify }
}

export function VerifyButton({ busy, verify }: { busy: boolean; verify: () => Promise<void> }) {
  return (
    <Button loading={busy} onClick={() => void verify()}>
      {!busy && <ShieldCheck aria-hidden className="size-4 text-fg-3" />}
      Verify chain
    </Button>
  )
}

/** What the server found when it followed every event's hash to the one before. */
export function ChainResult({ result }: { result: ChainVerification }) {
  const { valid, events, unsealed, fault, head } = result
  return (
    <div role="status" className={`mt-5 rounded-lg px-4 py-3 ${valid ? 'bg-ok-soft text-ok' : 'bg-bad-soft text-bad'}`}>
      <p className="flex items-start gap-2.5 font-medium">
        {valid ? (
          <ShieldCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
        ) : (
          <ShieldX aria-hidden className="mt-0.5 size-4 shrink-0" />
        )}
        {valid
          ? `The chain is whole: ${plural(events, 'sealed event')} checked.`
          : `The chain is broken at event ${fault?.seq}: ${fault?.reason}`}
      </p>
      <div className="mt-1 grid gap-1 ps-6.5 text-xs">
        {unsealed > 0 && <p>{plural(unsealed, 'event is', 'events are')} too new to be sealed.</p>}
        {head && (
          <>
            <p>
              Sealed up to event {head.seq}, {formatFull(head.at)}.
            </p>
            <div className="min-w-0">
              <CopyButton value={head.hash} text={head.hash} label="Copy head hash" />
            </div>
          </>
        )}
      </div>
    </div>
  )
}
