import { LockKeyhole } from 'lucide-react'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'

// What may not be read is not asked for: the page knows.
export function loader(): void {}

export default function SecretsPage() {
  return (
    <Page title="Secrets" lead="Values that programs need and nobody should see.">
      <div className="mt-4 rounded-lg ring-1 ring-line">
        <Empty icon={<LockKeyhole />} title="Nothing here yet" body="Secrets will be listed here." />
      </div>
    </Page>
  )
}
