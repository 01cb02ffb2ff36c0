import { Menu as Base } from '@base-ui/react/menu'
import { clsx } from 'clsx'
import type { ReactElement, ReactNode } from 'react'

export const menuPopupClass =
  'pop z-50 max-h-[min(28rem,var(--available-height))] min-w-44 overflow-y-auto rounded-lg bg-raised p-1 shadow-pop outline-none'
export const menuItemClass =
  'flex min-h-8 cursor-default items-center gap-2.5 rounded-sm px-2 text-sm outline-none select-none data-disabled:text-fg-3 data-highlighted:bg-hover coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-fg-3'

type MenuProps = { trigger: ReactElement; children: ReactNode; className?: string; align?: 'start' | 'end' }

export function Menu({ trigger, children, className, align = 'end' }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={6} className="z-50 outline-none">
          <Base.Popup className={clsx(menuPopupClass, className)}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

type MenuItemProps = {
  icon?: ReactNode
  children: ReactNode
  keys?: string
  reason?: string | undefined
  danger?: boolean
  onSelect?: () => void
}

/** An entry of a menu. With `reason` it cannot be chosen and says why under its label. */
export function MenuItem({ icon, children, keys, reason, danger, onSelect }: MenuItemProps) {
  return (
    <Base.Item
      disabled={Boolean(reason)}
      onClick={() => onSelect?.()}
      className={clsx(menuItemClass, reason && 'py-1.5', danger && !reason && 'text-bad [&_svg]:text-bad')}
    >
      {icon}
      <span className="min-w-0 flex-1">
        {children}
        {reason && <span className="block text-xs text-pretty text-fg-3">{reason}</span>}
      </span>
      {keys && <span className="text-xs text-fg-3">{keys}</span>}
    </Base.Item>
  )
}

export const MenuSeparator = () => <Base.Separator className="-mx-1 my-1 h-px bg-line" />
export const MenuRadioGroup = Base.RadioGroup

export function MenuRadioItem({ value, icon, children }: { value: string; icon: ReactNode; children: ReactNode }) {
  return (
    <Base.RadioItem value={value} closeOnClick={false} className={menuItemClass}>
      {icon}
      <span className="flex-1">{children}</span>
      <Base.RadioItemIndicator className="size-1.5 rounded-full bg-accent" />
    </Base.RadioItem>
  )
}
