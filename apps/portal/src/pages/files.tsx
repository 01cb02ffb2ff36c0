import { Files } from 'lucide-react'
import { Empty } from '../ui/empty.tsx'
import { Page } from '../ui/page.tsx'

// What may not be read is not asked for: the page knows.
export function loader(): void {}

export default function FilesPage() {
  return (
    <Page title="Files" lead="What people, agents and apps have put into this workspace.">
      <div className="mt-4 rounded-lg ring-1 ring-line">
        <Empty icon={<Files />} title="Nothing here yet" body="Files that are uploaded will be listed here." />
      </div>
    </Page>
  )
}
