import { Select as Base } from '@base-ui/react/select'
import { clsx } from 'clsx'
import { Check, ChevronDown } from 'lucide-react'
import { menuItemClass, menuPopupClass } from './menu.tsx'

export type Option = { value: string; label: string }

type SelectProps = {
  value: string
  options: readonly Option[]
  onChange: (value: string) => void
  id?: string
  label?: string
  disabled?: boolean
  /** Small, for a filter bar; otherwise as wide and high as an input. */
  compact?: boolean
}

export function Select({ value, options, onChange, id, label, disabled = false, compact = false }: SelectProps) {
  return (
    <Base.Root value={value} items={options} disabled={disabled} onValueChange={(next) => onChange(String(next))}>
      <Base.Trigger
        id={id}
        aria-label={label}
        className={clsx(
          'inline-flex items-center justify-between gap-2 rounded-sm bg-surface px-2.5 text-start shadow-control ring-1 ring-line-2 ring-inset transition-colors hover:bg-hover data-disabled:opacity-55 data-popup-open:bg-hover',
          compact ? 'h-8 max-w-56 text-sm coarse:h-10' : 'h-9 w-full text-base coarse:h-11 coarse:text-[1rem]',
        )}
      >
        <span className="truncate">
          <Base.Value />
        </span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 text-fg-3" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={6} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className={clsx(menuPopupClass, 'min-w-(--anchor-width)')}>
            <Base.List>
              {options.map((option) => (
                <Base.Item key={option.value} value={option.value} className={menuItemClass}>
                  <Base.ItemText className="flex-1">{option.label}</Base.ItemText>
                  <span className="grid size-4 place-items-center">
                    <Base.ItemIndicator>
                      <Check aria-hidden className="size-3.5! text-fg!" />
                    </Base.ItemIndicator>
                  </span>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
