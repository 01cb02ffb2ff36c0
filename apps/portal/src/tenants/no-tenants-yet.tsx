import type { Workspace } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { Building2 } from 'lucide-react'
import { installationUrl } from '../api/client.ts'
import { buttonClass } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { Empty } from '../ui/empty.tsx'

/** How the first tenant comes about: nobody creates one, a token names it. */
export function NoTenantsYet({ workspace }: { workspace: Workspace }) {
  return (
    <Empty
      icon={<Building2 />}
      title="No tenants yet"
      body="A tenant is a customer of yours, with data of its own. It appears when a token first names it: one that your back end signs, or one made here or by this command."
      actions={
        <Link
          to="/workspaces/$workspaceId/settings/tokens"
          params={{ workspaceId: workspace.id }}
          search={{ new: true }}
          className={buttonClass()}
        >
          Make a token
        </Link>
      }
    >
      <CodeSnippet label="Terminal" code={tokenSnippet(workspace.id)} />
      <p className="mt-2 text-xs text-fg-3">
        <code>FREEHOLD_TOKEN</code> is a{' '}
        <Link to="/me" search={{ new: true }} className="underline underline-offset-2 hover:text-fg">
          personal access token
        </Link>
        .
      </p>
    </Empty>
  )
}

const tokenSnippet = (workspaceId: string) =>
  [
    `curl -X POST "${installationUrl}/org-workspaces/${workspaceId}/access-token" \\`,
    `  -H "Authorization: Bearer $FREEHOLD_TOKEN" \\`,
    `  -H "Content-Type: application/json" \\`,
    `  -d '${JSON.stringify({ tenantKey: 'acme', name: 'Acme' })}'`,
  ].join('\n')
