const safe = new Set([
  'application/gzip',
  'application/json',
  'application/jsonl',
  'application/pdf',
  'application/zip',
  'text/csv',
  'text/markdown',
  'text/plain',
])
// No SVG among them: it runs scripts.
const safeFamilies = /^(?:image\/(?:avif|bmp|gif|jpeg|png|tiff|webp|x-icon)|audio\/[a-z0-9.+-]+|video\/[a-z0-9.+-]+|font\/[a-z0-9.+-]+)$/

const unknown = 'application/octet-stream'
const wellFormed = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+(?:; ?[a-z0-9!#$&^_.+-]+=[a-z0-9!#$&^_.+'-]+)*$/i

/** A media type as it is kept; one that is none is `application/octet-stream`. */
export function mediaType(text: string | null | undefined): string {
  const wanted = text?.trim() ?? ''
  return wanted.length <= 200 && wellFormed.test(wanted) ? wanted : unknown
}

/** The media type that bytes are served as: nothing that a browser would run. */
export function servedType(kept: string): string {
  const base = kept.split(';')[0]!.trim().toLowerCase()
  if (!safe.has(base) && !safeFamilies.test(base)) return unknown
  return base.startsWith('text/') ? `${base}; charset=utf-8` : base
}
