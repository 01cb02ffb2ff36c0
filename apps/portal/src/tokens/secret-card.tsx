import type { LoadedOrgWorkspace } from '../api/programs.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { CodeSnippet } from '../ui/code-snippet.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Switch } from '../ui/switch.tsx'
import { signingSnippet } from './signing-snippet.ts'
import type { OnAct } from './token-dialogs.tsx'

type SecretCardProps = { org: LoadedOrgWorkspace; refusal: string | undefined; onAct: OnAct }

/** What a back end needs to sign tokens of its own. */
export function SecretCard({ org, refusal, onAct }: SecretCardProps) {
  const refusesSecret = org.settings.disableSecretKeyAuth === true
  return (
    <Card title="Key and secret" padded>
      <div className="grid gap-5">
        <div className="min-w-0">
          <h3 className="text-sm font-medium">Workspace key</h3>
          <CopyButton value={org.key} text={org.key} label="Copy workspace key" className="mt-1" />
          <p className="mt-1 text-xs text-pretty text-fg-3">
            Tokens name the workspace by it, in the claim workspaceKey. It is not secret and never changes.
          </p>
        </div>
        <div className="flex flex-wrap items-start justify-between gap-3">
          <div className="min-w-0 flex-1 basis-56">
            <h3 className="text-sm font-medium">Secret</h3>
            <p className="mt-1 text-xs text-pretty text-fg-3">
              Signs tokens with HS256 or HS512. It is shown when it is made. A workspace that was created here has none before its first
              rotation.
            </p>
          </div>
          <Button size="sm" reason={refusal} onClick={() => onAct({ action: 'rotate' })}>
            Rotate secret
          </Button>
        </div>
        <Switch
          label="Refuse tokens signed with the secret"
          hint="For when your back end signs with a key pair of its own."
          checked={refusesSecret}
          reason={refusal}
          onChange={(refuse) => onAct({ action: refuse ? 'refuse-secret' : 'accept-secret' })}
        />
        <CodeSnippet label="Sign a token with Node and jose" code={signingSnippet(org)} />
      </div>
    </Card>
  )
}
