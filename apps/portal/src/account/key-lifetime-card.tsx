import type { Account } from '@freehold/contract'
import { useForm } from 'react-hook-form'
import { accountQuery } from '../api/accounts.ts'
import { client } from '../api/client.ts'
import { showProblem } from '../api/problem.ts'
import { queryClient } from '../api/query-client.ts'
import { lengthOf, lifetimes } from '../keys/lifetime.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field, FormError } from '../ui/field.tsx'
import { Select } from '../ui/select.tsx'
import { showToast } from '../ui/toast-store.ts'
import { accountRefusal } from './account-frame.tsx'

const any = 'any'

/** How long an API key of the account's workspaces may live. */
export function KeyLifetimeCard({ account }: { account: Account }) {
  const refusal = accountRefusal(account)
  const longest = account.max_api_key_lifetime_seconds
  const { handleSubmit, setError, setValue, watch, formState } = useForm({
    values: { max_api_key_lifetime_seconds: String(longest ?? any) },
  })
  const { errors, isSubmitting, isDirty } = formState
  const chosen = watch('max_api_key_lifetime_seconds')
  const submit = handleSubmit(async () => {
    try {
      const changed = await client.updateAccount({
        account_id: account.id,
        max_api_key_lifetime_seconds: chosen === any ? null : Number(chosen),
      })
      queryClient.setQueryData(accountQuery(account.id).queryKey, changed)
      showToast({ title: 'Longest lifetime saved' })
    } catch (error) {
      showProblem(error, setError, ['max_api_key_lifetime_seconds'])
    }
  })
  return (
    <Card title="API keys" padded>
      <form noValidate className="grid gap-4" onSubmit={submit}>
        <FormError>{errors.root?.message}</FormError>
        <Field
          label="Longest lifetime"
          hint={refusal ?? 'Of keys that are made or rotated from now on. Keys that exist keep their end.'}
          error={errors.max_api_key_lifetime_seconds?.message}
        >
          {({ id }) => (
            <Select
              id={id}
              value={chosen}
              options={optionsWith(longest)}
              disabled={refusal !== undefined}
              onChange={(value) => setValue('max_api_key_lifetime_seconds', value, { shouldDirty: true })}
            />
          )}
        </Field>
        <div className="flex justify-end">
          <Button type="submit" variant="primary" loading={isSubmitting} reason={refusal} disabled={!isDirty && !refusal}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  )
}

/** What is usually chosen, and what has been set otherwise by the API. */
function optionsWith(longest: number | null) {
  const usual = [{ value: any, label: 'No limit' }, ...lifetimes.filter(({ value }) => value !== 'never')]
  const set = String(longest ?? any)
  return usual.some(({ value }) => value === set) ? usual : [...usual, { value: set, label: lengthOf(Number(set)) }]
}
