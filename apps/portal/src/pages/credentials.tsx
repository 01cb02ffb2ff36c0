import { FileKey2 } from 'lucide-react'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'

// What may not be read is not asked for: the page knows.
export function loader(): void {}

export default function CredentialsPage() {
  return (
    <Page title="Credentials" lead="How this workspace signs in elsewhere.">
      <div className="mt-4 rounded-lg ring-1 ring-line">
        <Empty icon={<FileKey2 />} title="Nothing here yet" body="Credentials will be listed here." />
      </div>
    </Page>
  )
}
