import type { APIRequestContext, Page } from 'playwright-core'

export const onePixelPng = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/**
 * A file of each kind that has a preview or none, in folders, one of them with more than a page. `api`: the workspace's URL in the API.
 * Answers the id of a file that has two versions.
 */
export async function fillFiles(request: APIRequestContext, origin: string, api: string): Promise<string> {
  const put = async (name: string, type: string, data: string | Buffer) => {
    const headers = { origin, 'content-type': type }
    const answer = await request.put(`${api}/files/content?name=${encodeURIComponent(name)}`, { headers, data })
    if (!answer.ok()) throw new Error(`${name}: ${answer.status()} ${await answer.text()}`)
    return ((await answer.json()) as { id: string }).id
  }
  await put('reports/contract.pdf', 'application/pdf', '%PDF-1.4\n')
  await put('reports/drawing.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>parent.hacked = true</script></svg>')
  await put('reports/page.html', 'text/html', '<script>parent.hacked = true</script>')
  await put('reports/long.log', 'text/plain', 'x'.repeat(1024 ** 2 + 1))
  for (let day = 1; day <= 30; day++) {
    await put(`reports/2026/day-${String(day).padStart(2, '0')}.txt`, 'text/plain', `Day ${day}`)
  }
  await put('picture.png', 'image/png', onePixelPng)
  const office = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  await put('a-rather-long-name-of-a-file-that-somebody-gave-it-without-thinking-about-how-it-is-shown.docx', office, 'x')
  await put('settings.json', 'application/json', '{"version":1}')
  return put('settings.json', 'application/json', '{"version":2}')
}

type Dropped = { name: string; type: string; content: Buffer }

/** Drags a file over the page and drops it. */
export async function dropFile(page: Page, { name, type, content }: Dropped): Promise<void> {
  const transfer = await page.evaluateHandle(
    (file) => {
      const made = new DataTransfer()
      made.items.add(new File([Uint8Array.from(file.bytes)], file.name, { type: file.type }))
      return made
    },
    { name, type, bytes: [...content] },
  )
  await page.dispatchEvent('main', 'dragover', { dataTransfer: transfer })
  await page
    .getByText(/^Drop to upload|^It needs the permission/)
    .last()
    .waitFor()
  await page.dispatchEvent('main', 'drop', { dataTransfer: transfer })
}
