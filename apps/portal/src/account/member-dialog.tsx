import type { Account, AccountMember } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { accountMembersKey } from '../api/account-people.ts'
import { client } from '../api/client.ts'
import { isProblem, showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { EmailField, someEmail } from '../ui/email-field.tsx'
import { FormError } from '../ui/field.tsx'
import { proseLinkClass } from '../ui/prose.tsx'
import { RadioCards } from '../ui/radio-cards.tsx'
import { showToast } from '../ui/toast-store.ts'
import { type AccountRole, givableRoles } from './roles.ts'

type MemberDialogProps = { open: boolean; account: Account; member: AccountMember | undefined; onClose: () => void }

/** Gives somebody a role on the account, or another one. */
export default function MemberDialog({ open, account, member, onClose }: MemberDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={member ? `Change the role of ${member.label}` : `Add somebody to ${account.name}`}
      description={member ? 'It holds from the next request on.' : 'Somebody who signs in here already.'}
    >
      <MemberForm account={account} member={member} onClose={onClose} />
    </Dialog>
  )
}

function MemberForm({ account, member, onClose }: Omit<MemberDialogProps, 'open'>) {
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm<{ subject: string; role: AccountRole }>({
    defaultValues: { subject: '', role: member?.role ?? 'member' },
  })
  const { errors, isSubmitting } = formState
  const submit = handleSubmit(async ({ subject, role }) => {
    try {
      if (member) await client.updateAccountMember({ account_id: account.id, user_id: member.user_id, role })
      else await client.addAccountMember({ account_id: account.id, subject: subject.trim(), role })
    } catch (error) {
      if (!member && isProblem(error, 'not_found')) {
        return setError('subject', { message: 'Nobody signs in here with this email. Invite them instead.' }, { shouldFocus: true })
      }
      return showProblem(error, setError, ['subject', 'role'])
    }
    showToast({ title: member ? `Changed the role of ${member.label}` : 'Added to the account' })
    await queryClient.invalidateQueries({ queryKey: accountMembersKey(account.id) })
    // One's own role may be the one that changed.
    void queryClient.invalidateQueries({ queryKey: ['account', account.id], exact: true })
    onClose()
  })
  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        {!member && (
          <div className="grid gap-1.5">
            <EmailField error={errors.subject?.message} registration={register('subject', someEmail)} />
            <p className="text-xs text-pretty text-fg-3">
              Somebody who does not sign in here yet is invited:{' '}
              <Link
                to="/accounts/$accountId/invitations"
                params={{ accountId: account.id }}
                search={{ new: true }}
                className={proseLinkClass}
              >
                send an invitation
              </Link>
              .
            </p>
          </div>
        )}
        <RadioCards
          legend="Role"
          value={watch('role')}
          onChange={(role) => setValue('role', role)}
          cards={givableRoles(account.permissions)}
        />
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          {member ? 'Save' : 'Add'}
        </Button>
      </DialogFoot>
    </form>
  )
}
