import { Download } from 'lucide-react'
import { exportUrl, type Place, type RecordFormat } from '../api/vault.ts'
import { MenuItem } from '../ui/menu.tsx'

/** Entries of a menu that save the records as a file, sensitive fields masked. */
export function ExportItems({ place }: { place: Place }) {
  return (
    <>
      <MenuItem icon={<Download aria-hidden />} onSelect={() => save(place, 'csv')}>
        Export as CSV
      </MenuItem>
      <MenuItem icon={<Download aria-hidden />} onSelect={() => save(place, 'jsonl')}>
        Export as JSON Lines
      </MenuItem>
    </>
  )
}

function save(place: Place, format: RecordFormat): void {
  const link = document.createElement('a')
  link.href = exportUrl(place, format)
  link.download = `${place.collection}.${format}`
  link.click()
}
