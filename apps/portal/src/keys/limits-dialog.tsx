import type { ApiKey } from '@freehold/contract'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { limitsOf } from './limits.ts'

/** All that a key is limited to, which may be too much for its row. */
export function LimitsDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Limits of ${apiKey.name}`}
      description="They hold beside its role. To change them, create another key and revoke this one."
    >
      <DialogBody>
        <dl className="grid gap-3">
          {limitsOf(apiKey).map(({ label, entries }) => (
            <div key={label}>
              <dt className="text-sm font-medium">{label}</dt>
              <dd>
                <ul className="mt-1 font-mono text-xs leading-5 break-all text-fg-2">
                  {entries.map((entry) => (
                    <li key={entry}>{entry}</li>
                  ))}
                </ul>
              </dd>
            </div>
          ))}
        </dl>
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Close</Button>
      </DialogFoot>
    </Dialog>
  )
}
