import { Database } from 'lucide-react'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'

// What may not be read is not asked for: the page knows.
export function loader(): void {}

export default function VaultPage() {
  return (
    <Page title="Data Vault" lead="Collections of records, each with a schema of its own.">
      <div className="mt-4 rounded-lg ring-1 ring-line">
        <Empty icon={<Database />} title="Nothing here yet" body="Collections and their records will be listed here." />
      </div>
    </Page>
  )
}
