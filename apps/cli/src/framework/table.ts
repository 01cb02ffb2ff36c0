/** Lines of a table: columns aligned by what a terminal shows, two spaces apart, no white space at line ends. */
export function renderTable(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
  paint: (cell: string, column: number) => string = (cell) => cell,
): string {
  const clean = rows.map((row) => row.map(printable))
  const widths = headers.map((header, column) => Math.max(...[header, ...clean.map((row) => row[column] ?? '')].map(shownWidth)))
  const renderRow = (cells: readonly string[], painter: (cell: string, column: number) => string) =>
    cells
      .map(
        (cell, column) => painter(cell, column) + (column < cells.length - 1 ? ' '.repeat((widths[column] ?? 0) - shownWidth(cell)) : ''),
      )
      .join('  ')
      .trimEnd()
  const lines = clean.map((row) => renderRow(row, paint))
  return (headers.some((header) => header !== '') ? [renderRow(headers, (cell) => cell), ...lines] : lines).join('\n')
}

/**
 * Text of other people, made safe for a terminal: control and direction characters, with which a name could move the cursor, recolour
 * the screen or hide behind its neighbour, are shown as `?`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu, '?')
}

const wide = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u
const segmenter = new Intl.Segmenter()

function shownWidth(text: string): number {
  let width = 0
  for (const { segment } of segmenter.segment(text)) width += wide.test(segment) ? 2 : 1
  return width
}
