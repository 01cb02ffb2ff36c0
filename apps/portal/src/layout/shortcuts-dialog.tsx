import { useState } from 'react'
import { commandKey } from '../text/words.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Keys } from '../ui/kbd.tsx'
import { readSingleKeys, shortcuts, writeSingleKeys } from './shortcuts.ts'

export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [singleKeys, setSingleKeys] = useState(readSingleKeys)
  const toggle = () => {
    writeSingleKeys(!singleKeys)
    setSingleKeys(!singleKeys)
  }
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts">
      <div className="px-5 pt-3 pb-5">
        <dl className="divide-y divide-line">
          {[{ keys: `${commandKey} K`, does: 'Open the command menu' }, ...shortcuts].map(({ keys, does }) => (
            <div key={keys} className="flex items-center justify-between gap-4 py-2">
              <dt className="text-fg-2">{does}</dt>
              <dd>
                <Keys keys={keys} />
              </dd>
            </div>
          ))}
        </dl>
        <label className="mt-3 flex items-center gap-2.5 coarse:min-h-10">
          <input type="checkbox" checked={singleKeys} onChange={toggle} className="size-4 accent-accent" />
          Single-key shortcuts
        </label>
      </div>
    </Dialog>
  )
}
