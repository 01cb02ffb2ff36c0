// `node tools/take-screenshots.ts`: takes the README's pictures anew, of a server with --demo and the portal as it was last built.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Page } from 'playwright-core'

const root = resolve(import.meta.dirname, '..')
const pictures = { light: 'docs/images/portal.png', dark: 'docs/images/portal-dark.png' } as const
const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

function startDemo(dataDir: string): ChildProcess {
  const { DATABASE_URL: _database, FREEHOLD_URL: _url, ...env } = process.env
  const args = ['apps/server/src/main.ts', '--port', '0', '--data', dataDir, '--demo']
  return spawn(process.execPath, args, { cwd: root, env: { ...env, INIT_CWD: root }, stdio: ['ignore', 'pipe', 'inherit'] })
}

async function readSetupLink(server: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: server.stdout! })) {
    const link = /http\S+\/setup#token=\S+/.exec(line)?.[0]
    if (link) return link
  }
  throw new Error('The server ended before it printed its setup link.')
}

async function claim(page: Page, setupLink: string): Promise<void> {
  await page.goto(setupLink)
  await page.getByLabel('Your name').fill('Operator')
  await page.getByLabel('Email').fill('operator@example.com')
  await page.getByLabel('Password').fill('a long enough password')
  await page.getByRole('button', { name: 'Claim this installation' }).click()
  await page.getByRole('link', { name: 'Checkout' }).first().click()
}

const dataDir = mkdtempSync(join(tmpdir(), 'freehold-pictures-'))
const server = startDemo(dataDir)
const ended = once(server, 'exit')
try {
  const setupLink = await readSetupLink(server)
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
  const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu', ...quiet] })
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB' })
  await claim(page, setupLink)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.locator('[data-live=live]').waitFor()
    await page.getByText('created API key').first().waitFor()
    await page.screenshot({ path: join(root, pictures[colorScheme]) })
    console.log(pictures[colorScheme])
  }
  await browser.close()
} finally {
  server.kill('SIGTERM')
  await ended
  rmSync(dataDir, { recursive: true, force: true })
}
