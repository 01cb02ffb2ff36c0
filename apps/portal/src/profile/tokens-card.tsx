import { useQuery } from '@tanstack/react-query'
import { KeyRound, Plus } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { client, installationUrl } from '../api/client.ts'
import { tokensQuery } from '../api/identity.ts'
import { queryClient } from '../api/query-client.ts'
import { Expiry } from '../keys/expiry.tsx'
import type { ItemDialogSearch } from '../search.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Empty } from '../ui/empty.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { SecretReveal } from '../ui/secret-reveal.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import type { NewToken } from './create-token-dialog.tsx'

const CreateTokenDialog = lazy(() => import('./create-token-dialog.tsx'))

type TokensCardProps = { search: ItemDialogSearch; onSearch: (search: ItemDialogSearch) => void }

export function TokensCard({ search, onSearch }: TokensCardProps) {
  const query = useQuery(tokensQuery)
  const [created, setCreated] = useState<NewToken>()
  const showCreate = Boolean(search.new) && !created
  const everCreate = useOnceTrue(showCreate)
  const revoking = query.data?.items.find(({ id }) => id === search.revoke)
  const close = () => onSearch({})
  return (
    <Card
      title="Personal access tokens"
      action={
        <Button data-create size="sm" onClick={() => onSearch({ new: true })}>
          <Plus aria-hidden className="size-3.5" />
          Create token
        </Button>
      }
    >
      <Loaded query={query} what="your tokens" skeleton={<SkeletonRows count={2} className="h-[54px] px-4!" />}>
        {({ items }) =>
          items.length > 0 ? (
            <ul className="divide-y divide-line">
              {items.map((token) => (
                <li key={token.id} className="flex min-h-[54px] items-center gap-3 px-4 py-2">
                  <div className="min-w-0 flex-1">
                    <p className="font-medium break-words">{token.name}</p>
                    <p className="text-xs break-words text-fg-3">
                      <span className="font-mono">{token.prefix}…</span> · used{' '}
                      {token.last_used_at ? <TimeAgo at={token.last_used_at} /> : 'never'} · expires <Expiry at={token.expires_at} />
                    </p>
                  </div>
                  <Button size="sm" aria-label={`Revoke ${token.name}`} onClick={() => onSearch({ revoke: token.id })}>
                    Revoke
                  </Button>
                </li>
              ))}
            </ul>
          ) : (
            <Empty
              level="h3"
              icon={<KeyRound />}
              title="No tokens yet"
              body="A token is you, for the command line and for scripts: it reaches whatever you reach."
            />
          )
        }
      </Loaded>
      <Suspense fallback={null}>
        {everCreate && (
          <CreateTokenDialog
            open={showCreate}
            onClose={close}
            onCreated={(token) => {
              setCreated(token)
              close()
            }}
          />
        )}
      </Suspense>
      {created && (
        <SecretReveal secret={created.token} title={`Save the token ${created.name}`} onDone={() => setCreated(undefined)}>
          <CodeSnippet label="Try it" code={`curl "${installationUrl}/v1/me" \\\n  -H "Authorization: Bearer ${created.token}"`} />
        </SecretReveal>
      )}
      {revoking && (
        <ConfirmDialog
          open
          danger
          onClose={close}
          title={`Revoke ${revoking.name}?`}
          consequence="Whatever uses it is refused from the next request on. This cannot be undone."
          confirm="Revoke token"
          run={async () => {
            await client.revokeMyToken({ token_id: revoking.id })
            await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey })
          }}
        />
      )}
    </Card>
  )
}
