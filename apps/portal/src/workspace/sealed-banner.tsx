import { useQuery } from '@tanstack/react-query'
import { ShieldOff } from 'lucide-react'
import { sealedQuery } from '../api/sealed.ts'
import { Banner } from '../ui/banner.tsx'

/** What to expect of a page about sealed values while the installation has no root key. */
export function SealedBanner({ what }: { what: string }) {
  const { data: isSealed } = useQuery(sealedQuery)
  if (!isSealed) return null
  return (
    <Banner tone="bad" icon={<ShieldOff aria-hidden />} title="This installation is sealed.">
      It has no root key, so no {what} can be read or written. Nothing is lost: whoever operates it gives it the root key, and all works
      again.
    </Banner>
  )
}
