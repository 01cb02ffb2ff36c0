import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'

type TipProps = { label: ReactNode; keys?: string; side?: 'top' | 'bottom' | 'left' | 'right'; children: ReactElement }

/** A hint on hover and focus. What it says must also reach those who never see it: name or describe the trigger. */
export function Tip({ label, keys, side = 'top', children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} delay={300} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={7} className="z-50">
          <Tooltip.Popup className="pop flex max-w-72 items-center gap-2 rounded-sm bg-ink px-2 py-1 text-xs text-pretty text-ink-fg">
            {label}
            {keys && <span className="opacity-70">{keys}</span>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

export const TipProvider = Tooltip.Provider
