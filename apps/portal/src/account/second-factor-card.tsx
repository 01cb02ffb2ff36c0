import type { Account } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { accountQuery } from '../api/accounts.ts'
import { client } from '../api/client.ts'
import { meQuery } from '../api/identity.ts'
import { queryClient } from '../api/query-client.ts'
import { Card } from '../ui/card.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Switch } from '../ui/switch.tsx'
import { showToast } from '../ui/toast-store.ts'
import { accountRefusal } from './account-frame.tsx'

type SecondFactorCardProps = { account: Account; asking: boolean; onAsk: (asking: boolean) => void }

/** Whether the account lets in people who have proved a password alone. */
export function SecondFactorCard({ account, asking, onAsk }: SecondFactorCardProps) {
  const { data: me } = useQuery(meQuery)
  const required = account.require_second_factor
  const refusal = accountRefusal(account)
  const lockedOut = me?.second_factor === false && !required
  const reason = refusal ?? (lockedOut ? 'You have signed in without one yourself, so this would lock you out.' : undefined)
  const set = async (require_second_factor: boolean) => {
    const changed = await client.updateAccount({ account_id: account.id, require_second_factor })
    queryClient.setQueryData(accountQuery(account.id).queryKey, changed)
    showToast({ title: require_second_factor ? 'A second factor is required' : 'A password alone is enough again' })
  }
  return (
    <Card title="Signing in" padded>
      <Switch
        label="Require a second factor"
        hint="Only people who have signed in with an authenticator app, a passkey or a second factor of the identity provider reach this account and its workspaces. API keys and access tokens of workspaces go on as before."
        checked={required}
        onChange={() => onAsk(true)}
        reason={reason}
      />
      {!refusal && lockedOut && (
        <p className="mt-2 ps-13 text-fg-2">
          <Link to="/me" hash="security" className="font-medium text-accent underline underline-offset-2">
            Set one up in your profile
          </Link>
          , or sign in again with the one that you have.
        </p>
      )}
      {asking && !reason && (
        <ConfirmDialog
          open
          danger={!required}
          onClose={() => onAsk(false)}
          title={required ? `Let people into ${account.name} by a password alone?` : `Require a second factor for ${account.name}?`}
          consequence={required ? relaxing : tightening}
          confirm={required ? 'Stop requiring it' : 'Require it'}
          run={() => set(!required)}
        />
      )}
    </Card>
  )
}

const tightening =
  'Everybody who is signed in without one loses the account and its workspaces at the next request, and so do the personal access tokens that they have made. They get in again once they sign in with one.'
const relaxing = 'Everybody in the account gets in again, however they have signed in, and so do their personal access tokens.'
