import { useQuery } from '@tanstack/react-query'
import { Smartphone } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { client } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import { secondFactorsQuery } from '../api/sign-in.ts'
import type { ProfileSearch } from '../search.ts'
import { plural } from '../text/words.ts'
import { Button } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useOnceTrue } from '../ui/once.ts'
import { SecretReveal } from '../ui/secret-reveal.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import { Tag } from '../ui/status.tsx'
import { TimeAgo } from '../ui/time-ago.tsx'
import { showToast } from '../ui/toast-store.ts'
import { SecurityRow } from './security-row.tsx'

const SetUpAppDialog = lazy(() => import('./set-up-app-dialog.tsx'))
const CodeDialog = lazy(() => import('./code-dialog.tsx'))

const fewCodes = 3

export type SecurityProps = { search: ProfileSearch; onSearch: (search: ProfileSearch) => void }

export function AuthenticatorSection({ search: { action }, onSearch }: SecurityProps) {
  const query = useQuery(secondFactorsQuery)
  const [codes, setCodes] = useState<readonly string[]>()
  const isOn = query.data?.totp != null
  const showSetUp = action === 'set-up-app' && query.isSuccess && !isOn && !codes
  const showCode = isOn && !codes && (action === 'turn-off-app' || action === 'recovery-codes')
  const [everSetUp, everCode] = [useOnceTrue(showSetUp), useOnceTrue(showCode)]
  const close = () => onSearch({})
  const reveal = (recoveryCodes: readonly string[]) => {
    setCodes(recoveryCodes)
    close()
    // A second factor changes whom the server lets in, so everything is asked for anew.
    void queryClient.invalidateQueries()
  }
  const turnOff = async (code: string) => {
    await client.disableTotp({ code })
    showToast({ title: 'The authenticator app is off' })
    close()
    await queryClient.invalidateQueries()
  }
  const renew = async (code: string) => reveal((await client.createRecoveryCodes({ code })).recovery_codes)

  return (
    <Loaded query={query} what="your second factors" skeleton={<Skeleton className="m-4 h-9" />}>
      {({ totp, recovery_codes_left }) => (
        <>
          <SecurityRow
            icon={<Smartphone />}
            title="Authenticator app"
            badge={totp && <Tag tone="ok">On</Tag>}
            actions={
              totp ? (
                <>
                  <Button size="sm" onClick={() => onSearch({ action: 'recovery-codes' })}>
                    New recovery codes
                  </Button>
                  <Button size="sm" onClick={() => onSearch({ action: 'turn-off-app' })}>
                    Turn off
                  </Button>
                </>
              ) : (
                <Button size="sm" onClick={() => onSearch({ action: 'set-up-app' })}>
                  Set up
                </Button>
              )
            }
          >
            {totp ? (
              <>
                Set up <TimeAgo at={totp.created_at} />.{' '}
                <span className={recovery_codes_left < fewCodes ? 'text-warn' : undefined}>
                  {plural(recovery_codes_left, 'recovery code')} left.
                </span>
              </>
            ) : (
              'A code from your phone beside the password. Recovery codes help when the phone is lost.'
            )}
          </SecurityRow>
          <Suspense fallback={null}>
            {everSetUp && <SetUpAppDialog open={showSetUp} onClose={close} onDone={reveal} />}
            {everCode && (
              <CodeDialog
                open={showCode}
                onClose={close}
                {...(action === 'turn-off-app' ? turningOff : renewing)}
                run={action === 'turn-off-app' ? turnOff : renew}
              />
            )}
          </Suspense>
          {codes && (
            <SecretReveal
              secret={codes.join('\n')}
              title="Save this list of recovery codes"
              storage="Each code signs you in once when you do not have the app."
              fileName="freehold-recovery-codes.txt"
              onDone={() => setCodes(undefined)}
            />
          )}
        </>
      )}
    </Loaded>
  )
}

const turningOff = {
  title: 'Turn off the authenticator app?',
  consequence:
    'Your password alone signs you in again, and your recovery codes stop working. You lose access to accounts that require a second factor, unless you sign in with a passkey.',
  confirm: 'Turn off',
  danger: true,
}
const renewing = {
  title: 'Make new recovery codes?',
  consequence: 'The old ones stop working at once.',
  confirm: 'Make new codes',
}
