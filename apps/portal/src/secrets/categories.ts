import type { SecretCategory } from '@freehold/contract'

export const categories: readonly { value: SecretCategory; label: string }[] = [
  { value: 'runner', label: 'Runner' },
  { value: 'integration', label: 'Integration' },
  { value: 'custom', label: 'Custom' },
]

export const categoryLabel = (category: SecretCategory): string => categories.find(({ value }) => value === category)?.label ?? category
