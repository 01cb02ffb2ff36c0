import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ShieldAlert } from 'lucide-react'
import { meQuery } from '../api/identity.ts'
import { secondFactorsQuery } from '../api/sign-in.ts'
import { Banner } from '../ui/banner.tsx'

/** Tells a person why accounts of theirs are not listed: they want a second factor, which this sign-in did not have. */
export function WithheldAccounts() {
  const { data: me } = useQuery(meQuery)
  const { data } = useQuery({ ...secondFactorsQuery, enabled: me !== undefined && !me.second_factor })
  if (!data || data.accounts_withheld === 0) return null
  const count = data.accounts_withheld
  return (
    <Banner
      tone="warn"
      icon={<ShieldAlert aria-hidden />}
      title={count === 1 ? 'An account is not shown.' : `${count} accounts are not shown.`}
    >
      {count === 1 ? 'It lets' : 'They let'} in only who has signed in with a second factor.{' '}
      <Link to="/me" className="underline underline-offset-2">
        {data.totp ? 'Sign out, and in again with it' : 'Set one up under your profile'}
      </Link>
      .
    </Banner>
  )
}
