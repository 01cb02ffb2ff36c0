const written = /^([a-z][a-z0-9+.-]*):\/\/((?:[a-z0-9_-]+\.)*[a-z0-9_-]+\.?|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/

/**
 * An origin as browsers send it in `Origin`: `scheme://host`, and the port where it is not the scheme's own. Null for what
 * is none, such as one with a path or a wildcard.
 */
export function toOrigin(text: string): string | null {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/?#@\\\s]+(?<!:)$/i.test(text) || !URL.canParse(text)) return null
  const url = new URL(text)
  // The URL standard knows no origin of other schemes; what embeds a web page (`capacitor://localhost`) sends it as written.
  const origin = url.origin === 'null' ? text.toLowerCase() : url.origin
  const port = written.exec(origin)?.[3]
  return written.test(origin) && (port === undefined || Number(port) <= 65_535) ? origin : null
}
