import type { Account } from '@freehold/contract'
import { useNavigate } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { accountRefusal } from './account-frame.tsx'

/** Opens the dialog by which a page of an account adds something. */
export function CreateButton({ account, children }: { account: Account; children: ReactNode }) {
  const navigate = useNavigate()
  return (
    <Button
      data-create
      variant="primary"
      reason={accountRefusal(account)}
      onClick={() => void navigate({ to: '.', search: (before) => ({ ...before, new: true }) })}
    >
      <Plus aria-hidden className="size-4" />
      {children}
    </Button>
  )
}
