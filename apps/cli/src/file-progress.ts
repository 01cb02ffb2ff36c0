import { shownSize } from './file-names.ts'

/** Says how far something is: on a terminal in one line that changes, elsewhere not at all. */
export function createProgress(total: number): { at(bytes: number): void; end(): void } {
  const isShown = process.stderr.isTTY
  let shown = ''
  return {
    at(bytes) {
      const percent = total === 0 ? 100 : Math.floor((100 * bytes) / total)
      const text = `${percent} % of ${shownSize(total)}`
      if (isShown && text !== shown) process.stderr.write(`\r${text}`)
      shown = text
    },
    end() {
      if (isShown && shown !== '') process.stderr.write(`\r${' '.repeat(shown.length)}\r`)
    },
  }
}
