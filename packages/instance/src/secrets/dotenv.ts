export type DotenvLine = { key: string; value: string; line: number }
export type DotenvFault = { line: number; message: string }

/**
 * The assignments of a `.env` file, read as the common parsers do: `export`, comments, three kinds of quotes, `\n` and `\r` in double
 * ones. What those pass over in silence is a fault here, named by its line and never by its text, which may be half of a secret. In one
 * pass: it ends at a quote that is never closed.
 */
export function parseDotenv(text: string): { lines: DotenvLine[]; faults: DotenvFault[] } {
  const source = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const lines: DotenvLine[] = []
  const faults: DotenvFault[] = []
  let line = 1
  for (let start = 0; start < source.length;) {
    let end = endOfLine(source, start)
    const written = source.slice(start, end)
    const equals = written.indexOf('=')
    const key = written
      .slice(0, Math.max(equals, 0))
      .trim()
      .replace(/^export\s+/, '')
    const isBlank = /^\s*(?:#|$)/.test(written)
    if (!isBlank && (equals === -1 || key === '')) faults.push({ line, message: 'is no assignment: write `KEY=value`' })
    else if (!isBlank) {
      const rest = written.slice(equals + 1)
      const behind = rest.length - rest.trimStart().length
      const quote = rest.charAt(behind)
      if (quote !== '"' && quote !== "'" && quote !== '`') lines.push({ key, value: rest.split('#', 1)[0]!.trim(), line })
      else {
        const open = start + equals + 1 + behind
        const close = closingQuote(source, open)
        if (close === -1) {
          faults.push({ line, message: 'opens a quote that is never closed' })
          break
        }
        end = endOfLine(source, close)
        const inside = source.slice(open + 1, close)
        if (/^\s*(?:#|$)/.test(source.slice(close + 1, end))) lines.push({ key, value: quote === '"' ? expand(inside) : inside, line })
        else faults.push({ line, message: 'has text behind the closing quote' })
      }
    }
    line += countLines(source, start, end) + 1
    start = end + 1
  }
  return { lines, faults }
}

function endOfLine(source: string, from: number): number {
  const end = source.indexOf('\n', from)
  return end === -1 ? source.length : end
}

/** Behind a backslash a quote does not close. The backslash stays, as elsewhere. */
function closingQuote(source: string, open: number): number {
  const quote = source.charAt(open)
  let at = source.indexOf(quote, open + 1)
  while (at !== -1 && source.charAt(at - 1) === '\\') at = source.indexOf(quote, at + 1)
  return at
}

function expand(inside: string): string {
  return inside.replace(/\\n/g, '\n').replace(/\\r/g, '\r')
}

function countLines(source: string, from: number, to: number): number {
  let count = 0
  for (let at = source.indexOf('\n', from); at !== -1 && at < to; at = source.indexOf('\n', at + 1)) count += 1
  return count
}
