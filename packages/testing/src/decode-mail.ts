/** A mail's text as its reader sees it, and its headers by name in lower case. Of one part, as our own mails are. */
export function decodeMail(raw: string): { headers: Record<string, string>; text: string } {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const lines = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':')
      return [line.slice(0, colon).toLowerCase(), decodeWords(line.slice(colon + 1).trim())]
    }),
  )
  return { headers, text: decodeBody(rest.join('\r\n\r\n'), headers['content-transfer-encoding']) }
}

function decodeBody(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding === 'quoted-printable') return decodeHex(body.replace(/=\r\n/g, ''), '=')
  return body
}

/** Words such as `=?UTF-8?Q?caf=C3=A9?=`. White space between two of them is none of the text. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('utf8') : decodeHex(text.replaceAll('_', ' '), '='),
    )
}

function decodeHex(text: string, mark: string): string {
  const bytes = text.replace(new RegExp(`${mark}([0-9A-F]{2})`, 'gi'), (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
