import { setTheme, type Theme, useTheme } from '../layout/theme.ts'
import { Card } from '../ui/card.tsx'
import { type RadioCard, RadioCards } from '../ui/radio-cards.tsx'

const choices: readonly RadioCard<Theme>[] = [
  { value: 'system', label: 'System', description: 'Follows the setting of this device.' },
  { value: 'light', label: 'Light', description: 'Always light.' },
  { value: 'dark', label: 'Dark', description: 'Always dark.' },
]

export function AppearanceCard() {
  return (
    <Card title="Appearance" padded>
      <RadioCards legend="Theme of this browser" value={useTheme()} onChange={setTheme} cards={choices} />
    </Card>
  )
}
