/** How a file can be looked at in the portal. */
export type PreviewKind = 'text' | 'json' | 'image' | 'pdf' | 'none'

// What a browser draws as an image and the server serves as one. SVG is not among them: it is a program as much as a picture.
const images = /^image\/(?:avif|bmp|gif|jpeg|png|webp|x-icon)$/
const texts = /^(?:text\/.+|application\/(?:(?:.+\+)?xml|javascript|jsonl|sql|toml|x-ndjson|x-sh|yaml|x-yaml)|image\/svg\+xml)$/
const json = /^application\/(?:.+\+)?json$/
// Browsers and curl do not know the types of these.
const textEndings =
  /\.(?:cfg|conf|css|csv|env|go|html?|ini|java|js|jsonl|jsx|log|md|mjs|ndjson|py|rb|rs|sh|sql|svg|toml|ts|tsx|txt|ya?ml|xml)$/i

export function previewKindOf({ name, content_type }: { name: string; content_type: string }): PreviewKind {
  const type = content_type.split(';')[0]!.trim().toLowerCase()
  if (images.test(type)) return 'image'
  if (type === 'application/pdf') return 'pdf'
  if (json.test(type)) return 'json'
  if (texts.test(type)) return 'text'
  if (type !== 'application/octet-stream') return 'none'
  if (/\.json$/i.test(name)) return 'json'
  return textEndings.test(name) ? 'text' : 'none'
}

/** The type to store a file under: what the browser says, or what its ending says where the browser does not know. */
export function typeOf({ name, type }: { name: string; type: string }): string {
  if (type) return type
  if (/\.json$/i.test(name)) return 'application/json'
  return textEndings.test(name) ? 'text/plain' : 'application/octet-stream'
}

/**
 * JSON with its parts on lines of their own; undefined where it is none. It works on the text, not on the value: numbers that
 * JavaScript cannot hold, and keys that occur twice, stay as they are.
 */
export function prettyJson(text: string): string | undefined {
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? []
  let depth = 0
  let pretty = ''
  const line = () => `\n${'  '.repeat(depth)}`
  tokens.forEach((token, index) => {
    const isEmpty = /^[}\]]$/.test(token) && /^[{[]$/.test(tokens[index - 1] ?? '')
    if (/^[{[]$/.test(token)) {
      depth += 1
      pretty += /^[}\]]$/.test(tokens[index + 1] ?? '') ? token : token + line()
    } else if (/^[}\]]$/.test(token)) {
      depth -= 1
      pretty += isEmpty ? token : line() + token
    } else if (token === ',') pretty += token + line()
    else pretty += token === ':' ? ': ' : token
  })
  return pretty
}
