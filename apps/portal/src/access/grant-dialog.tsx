import type { Grant, Workspace } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useForm } from 'react-hook-form'
import { client } from '../api/client.ts'
import { isProblem, showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { accessKey, accountGroupsQuery } from '../api/sharing.ts'
import { Button } from '../ui/button.tsx'
import { Dialog, DialogBody, DialogFoot } from '../ui/dialog.tsx'
import { EmailField, someEmail } from '../ui/email-field.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { proseLinkClass } from '../ui/prose.tsx'
import { RadioCards } from '../ui/radio-cards.tsx'
import { Select } from '../ui/select.tsx'
import { showToast } from '../ui/toast-store.ts'
import { endOptions, toEnd } from './ends.ts'
import { grantableRoles, type WorkspaceRole } from './role.tsx'

type GrantDialogProps = { open: boolean; workspace: Workspace; grant: Grant | undefined; onClose: () => void }

/** Shares with somebody, or changes what they have. */
export default function GrantDialog({ open, workspace, grant, onClose }: GrantDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={grant ? `Change the access of ${grant.label}` : 'Grant permission'}
      description={grant ? 'It holds from the next request on.' : 'To a person who signs in here already, or to a group of the account.'}
    >
      <GrantForm workspace={workspace} grant={grant} onClose={onClose} />
    </Dialog>
  )
}

type Form = { kind: 'user' | 'group'; subject: string; role: WorkspaceRole; end: string }

function GrantForm({ workspace, grant, onClose }: Omit<GrantDialogProps, 'open'>) {
  const groups = useQuery({ ...accountGroupsQuery(workspace.account_id), enabled: !grant, retry: false })
  const { register, handleSubmit, setError, setValue, watch, formState } = useForm<Form>({
    defaultValues: { kind: grant?.subject_type ?? 'user', subject: '', role: grant?.role ?? 'view', end: grant ? 'keep' : 'never' },
  })
  const { errors, isSubmitting } = formState
  const [kind, role, subject, end] = [watch('kind'), watch('role'), watch('subject'), watch('end')]

  const submit = handleSubmit(async (form) => {
    const expires_at = form.role === 'owner' ? null : toEnd(form.end)
    try {
      if (grant) {
        const change = { role: form.role, ...(expires_at !== undefined && { expires_at }) }
        await client.updateGrant({ workspace_id: workspace.id, grant_id: grant.id, ...change })
      } else {
        const wanted = { subject_type: form.kind, subject: form.subject.trim(), role: form.role, expires_at: expires_at ?? null }
        await client.createGrant({ workspace_id: workspace.id, ...wanted })
      }
    } catch (error) {
      if (!grant && form.kind === 'user' && isProblem(error, 'not_found')) {
        return setError('subject', { message: 'Nobody signs in here with this email. Invite them instead.' }, { shouldFocus: true })
      }
      return showProblem(error, setError, ['subject', 'role'])
    }
    showToast({ title: grant ? `Changed the access of ${grant.label}` : 'Shared' })
    await queryClient.invalidateQueries({ queryKey: accessKey(workspace.id) })
    onClose()
  })

  return (
    <form noValidate onSubmit={submit}>
      <DialogBody>
        <FormError>{errors.root?.message}</FormError>
        {!grant && (
          <>
            <Field label="Share with">
              {({ id }) => (
                <Select
                  id={id}
                  value={kind}
                  options={[
                    { value: 'user', label: 'A person' },
                    { value: 'group', label: 'A group' },
                  ]}
                  onChange={(value) => {
                    setValue('kind', value === 'group' ? 'group' : 'user')
                    setValue('subject', '')
                  }}
                />
              )}
            </Field>
            {kind === 'user' ? (
              <div className="grid gap-1.5">
                <EmailField error={errors.subject?.message} registration={register('subject', someEmail)} />
                <p className="text-xs text-pretty text-fg-3">
                  Somebody who does not sign in here yet is invited:{' '}
                  <Link
                    to="/workspaces/$workspaceId/settings/invitations"
                    params={{ workspaceId: workspace.id }}
                    search={{ new: true }}
                    className={proseLinkClass}
                  >
                    send an invitation
                  </Link>
                  .
                </p>
              </div>
            ) : (
              <Field
                label="Group"
                hint={
                  groups.data?.length === 0
                    ? 'The account has no groups yet.'
                    : groups.error
                      ? 'You may not see the groups of the account.'
                      : undefined
                }
                error={errors.subject?.message}
              >
                {({ id }) => (
                  <Select
                    id={id}
                    value={subject}
                    disabled={!groups.data?.length}
                    options={[
                      { value: '', label: 'Choose a group' },
                      ...(groups.data ?? []).map((group) => ({ value: group.id, label: group.name })),
                    ]}
                    onChange={(value) => setValue('subject', value)}
                  />
                )}
              </Field>
            )}
          </>
        )}
        <RadioCards
          legend="Role"
          value={role}
          onChange={(next) => setValue('role', next)}
          cards={grantableRoles(workspace.permissions, kind)}
        />
        {role !== 'owner' && (
          <Field label="Ends">
            {({ id }) => (
              <Select id={id} value={end} options={endOptions(grant?.expires_at)} onChange={(value) => setValue('end', value)} />
            )}
          </Field>
        )}
      </DialogBody>
      <DialogFoot>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isSubmitting}>
          {grant ? 'Save' : 'Grant permission'}
        </Button>
      </DialogFoot>
    </form>
  )
}
