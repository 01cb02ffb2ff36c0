import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { meQuery, sessionsQuery, tokensQuery } from '../api/identity.ts'
import { queryClient } from '../api/query-client.ts'
import { methodsQuery, passkeysQuery, secondFactorsQuery } from '../api/sign-in.ts'
import { AppearanceCard } from '../profile/appearance-card.tsx'
import { NameForm, PasswordForm } from '../profile/profile-forms.tsx'
import { SecurityCard } from '../profile/security-card.tsx'
import { SessionsCard } from '../profile/sessions-card.tsx'
import { TokensCard } from '../profile/tokens-card.tsx'
import type { ProfileSearch } from '../search.ts'
import { Page } from '../ui/page.tsx'
import { Tag } from '../ui/status.tsx'

export function loader(): void {
  void queryClient.prefetchQuery(methodsQuery)
  void queryClient.prefetchQuery(secondFactorsQuery)
  void queryClient.prefetchQuery(passkeysQuery)
  void queryClient.prefetchQuery(sessionsQuery)
  void queryClient.prefetchQuery(tokensQuery)
}

const route = getRouteApi('/shell/me')

export default function MePage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { data: me } = useQuery(meQuery)
  const go = (next: ProfileSearch) => void navigate({ search: next, replace: Object.keys(next).length === 0 })
  if (!me) return null
  return (
    <Page
      title="Your profile"
      badge={me.operator && <Tag tone="accent">Operator</Tag>}
      lead="Who you are here, where you are signed in, and what acts in your name."
    >
      <div className="mt-6 grid gap-5 lg:grid-cols-2">
        <div className="grid min-w-0 content-start gap-5">
          <NameForm me={me} />
          <PasswordForm me={me} />
          <AppearanceCard />
        </div>
        <div className="grid min-w-0 content-start gap-5">
          <SecurityCard search={search} onSearch={go} />
          <SessionsCard />
          <TokensCard search={search} onSearch={go} />
        </div>
      </div>
    </Page>
  )
}
