const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const keyPattern = new RegExp(`^(${uuid})/(${uuid})$`)
const prefixPattern = /^[0-9a-f-]{0,36}(?:\/[0-9a-f-]{0,36})?$/
const uuidPattern = new RegExp(`^${uuid}$`)

/** The two halves of a key. Throws a RangeError for one that is not of our form, so that none can lead elsewhere. */
export function parseKey(key: string): { workspaceId: string; objectId: string } {
  const [, workspaceId, objectId] = keyPattern.exec(key) ?? []
  if (workspaceId === undefined || objectId === undefined) throw new RangeError('an object key is <workspace id>/<object id>')
  return { workspaceId, objectId }
}

/** Throws a RangeError for what no key can begin with. */
export function checkPrefix(prefix: string): void {
  if (!prefixPattern.test(prefix)) throw new RangeError('no object key begins so')
}

export function isUploadName(text: string): boolean {
  return uuidPattern.test(text)
}

/** Throws a RangeError for a range that is none. */
export function checkRange({ start, end }: { start: number; end: number }): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start)
    throw new RangeError(`${start} to ${end} is no range of bytes`)
}

export function isKey(text: string): boolean {
  return keyPattern.test(text)
}
