import Type, { type Static } from 'typebox'

export const exportFormats = ['jsonl', 'json', 'csv'] as const

export const ExportFormat = Type.Enum([...exportFormats], {
  description: 'JSON Lines, one JSON document, or a zip of CSV files',
})
export type ExportFormat = Static<typeof ExportFormat>
