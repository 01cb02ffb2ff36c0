import type { Account } from '@freehold/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus, SquareStack } from 'lucide-react'
import { installationUrl } from '../api/client.ts'
import { regionsQuery } from '../api/workspaces.ts'
import { buttonClass } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { Empty } from '../ui/empty.tsx'

/** What the list says when there is nothing to list: how to make the first one, or whom to ask. */
export function FirstRun({ refusal, accounts }: { refusal: string | undefined; accounts: readonly Account[] }) {
  const { data: regions } = useQuery(regionsQuery)
  const account = accounts.find(({ permissions }) => permissions.includes('administer'))
  return (
    <div className="mt-4 rounded-lg ring-1 ring-line">
      {refusal ? (
        <Empty
          icon={<SquareStack />}
          title="No workspace to see yet"
          body={`Nobody has shared a workspace with you. You cannot create one either. ${refusal}`}
        />
      ) : (
        <Empty
          icon={<SquareStack />}
          title="Create your first workspace"
          body="It comes with dev, staging and prod environments and with members, keys and a changelog of its own. Create it here or by the API."
          actions={
            <Link to="/workspaces" search={{ new: true }} className={buttonClass({ variant: 'primary' })}>
              <Plus aria-hidden className="size-4" />
              Create workspace
            </Link>
          }
        >
          {account && regions?.[0] && (
            <>
              <CodeSnippet label="Terminal" code={createSnippet(account.id, regions[0].id)} />
              <p className="mt-2 text-xs text-fg-3">
                <code>FREEHOLD_TOKEN</code> is a{' '}
                <Link to="/me" search={{ new: true }} className="underline underline-offset-2 hover:text-fg">
                  personal access token
                </Link>
                .
              </p>
            </>
          )}
        </Empty>
      )}
    </div>
  )
}

const createSnippet = (accountId: string, region: string) =>
  [
    `curl -X POST "${installationUrl}/v1/workspaces" \\`,
    `  -H "Authorization: Bearer $FREEHOLD_TOKEN" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '${JSON.stringify({ account_id: accountId, name: 'First', region })}'`,
  ].join('\n')
