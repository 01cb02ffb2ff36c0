/** What is sent to import a text. */
export type ImportBody = { dotenv: string } | { secrets: Record<string, unknown> }

/** Reads JSON where the text is an object of JSON, and takes all else for dotenv. A fault is told without quoting the text: it holds values. */
export function readImport(text: string): ImportBody | { fault: string } {
  if (!text.trimStart().startsWith('{')) return { dotenv: text }
  try {
    return { secrets: JSON.parse(text) as Record<string, unknown> }
  } catch (error) {
    const line = /line (\d+)/.exec(String(error))?.[1]
    return { fault: `This is not valid JSON${line ? `: look at line ${line}` : ''}. It must be one object, of a text for each key.` }
  }
}

/** Names of files that are taken, for the picker. */
export const importFileTypes = '.env,.json,.txt,text/plain,application/json'
