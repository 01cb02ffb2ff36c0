import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', ...quiet],
  })

/** A context whose pages collect what must never be said: uncaught errors and breaches of the Content-Security-Policy. */
export async function openContext(browser: Browser, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB', ...options })
  const faults: string[] = []
  context.on('page', (page) => {
    page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.message}`))
    page.on('console', (message) => {
      if (/Content Security Policy|Trusted Type/i.test(message.text())) faults.push(`${page.url()}: ${message.text()}`)
    })
  })
  return { context, faults }
}

export type Person = { name: string; email: string; password: string }

export const operator: Person = { name: 'Operator', email: 'operator@freehold.test', password: 'a long enough password' }

export async function claim(page: Page, setupLink: string, { name, email, password }: Person) {
  await page.goto(setupLink)
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Claim this installation' }).click()
  await page.getByRole('heading', { level: 1, name: 'Workspaces' }).waitFor()
}

export async function signIn(page: Page, { email, password }: Person) {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Creates a workspace by the dialog and answers its id, once its page is open. */
export async function createWorkspace(page: Page, name: string): Promise<string> {
  await page.goto(new URL('/workspaces?new=true', page.url()).href)
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Create workspace' }).click()
  await page.waitForURL(/\/workspaces\/[0-9a-f-]{36}$/)
  return new URL(page.url()).pathname.split('/')[2] ?? ''
}
