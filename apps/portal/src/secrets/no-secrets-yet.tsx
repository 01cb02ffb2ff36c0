import type { Workspace } from '@freehold/contract'
import { Link } from '@tanstack/react-router'
import { FileUp, LockKeyhole } from 'lucide-react'
import type { SecretPlaces } from '../api/secrets.ts'
import { Button } from '../ui/button.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { Empty } from '../ui/empty.tsx'
import { refusalOf } from '../workspace/refusals.ts'

type NoSecretsYetProps = {
  workspace: Workspace
  environment: string | undefined
  places: SecretPlaces | undefined
  onImport: () => void
}

/** What belongs here and how it comes here; and, if there are secrets elsewhere, where. */
export function NoSecretsYet({ workspace, environment, places, onImport }: NoSecretsYetProps) {
  const elsewhere = [...new Set([...(places?.values() ?? [])].flat())].filter((place) => place !== null)
  return (
    <Empty
      icon={<LockKeyhole />}
      title={elsewhere.length > 0 && !environment ? 'No secret is shared by all environments' : 'No secrets yet'}
      body="A secret is a value that programs need and people should not see, such as a password or a token. Store one, import a .env file, then start a program with all of them:"
      actions={
        <Button reason={refusalOf(workspace, 'manage_secrets')} onClick={onImport}>
          <FileUp aria-hidden className="size-4" />
          Import a file
        </Button>
      }
    >
      <RunSnippet workspaceId={workspace.id} environment={environment} />
      {elsewhere.length > 0 && !environment && (
        <p className="mt-3 text-sm text-fg-2">
          There are secrets of{' '}
          {elsewhere.map((slug, index) => (
            <span key={slug}>
              {index > 0 && ', '}
              <Link
                to="/workspaces/$workspaceId/secrets"
                params={{ workspaceId: workspace.id }}
                search={{ environment: slug }}
                className="underline underline-offset-2 hover:text-fg"
              >
                {slug}
              </Link>
            </span>
          ))}
          .
        </p>
      )}
    </Empty>
  )
}

/** How a program gets the secrets of an environment. */
export function RunSnippet({ workspaceId, environment }: { workspaceId: string; environment: string | undefined }) {
  const flag = environment ? ` --env ${environment}` : ''
  return <CodeSnippet label="Run a program with these secrets" code={`freehold run ${workspaceId}${flag} -- printenv`} />
}
