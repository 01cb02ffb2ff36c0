import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { claim, createWorkspace, launchBrowser, openContext, operator, type Person, signIn } from './support/browser.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

type Visitor = { context: BrowserContext; page: Page }

let portal: Portal
let browser: Browser
let owner: Page
let vera: Visitor
let harbour: string
let wharf: string
let accountId: string
const faults: string[][] = []
const veraPerson: Person = { name: 'Vera Viewer', email: 'vera@freehold.test', password: 'also a long password' }

beforeAll(async () => {
  portal = await startPortal()
  browser = await launchBrowser()
  const visitor = await visit()
  owner = visitor.page
  await claim(owner, portal.setupLink, operator)
  harbour = await createWorkspace(owner, 'Harbour')
  wharf = await createWorkspace(owner, 'Wharf')
  await owner.locator('h1 + span', { hasText: 'Active' }).waitFor()
  accountId = ((await (await visitor.context.request.get(`${portal.url}/v1/accounts`)).json()) as { id: string }[])[0]?.id ?? ''
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
})

test('PR-03 an invitation goes by link: sent again it voids the old link, and nothing of the link stays on the page', async () => {
  await owner.goto(settings(harbour, 'invitations'))
  await owner.getByRole('button', { name: 'Invite', exact: true }).click()
  await owner.getByRole('dialog').getByLabel('Email').fill(veraPerson.email)
  await owner.getByRole('dialog').getByRole('button', { name: 'Invite', exact: true }).click()
  const first = await takeLink()
  await owner.getByRole('button', { name: `Resend to ${veraPerson.email}` }).click()
  await owner.getByRole('dialog').getByText('The link from before no longer works').waitFor()
  await owner.getByRole('button', { name: 'Send again' }).click()
  const second = await takeLink()
  expect(second).not.toBe(first)

  vera = await visit()
  await vera.page.goto(first)
  await vera.page.getByRole('heading', { level: 1, name: 'This link does not work' }).waitFor()
  await vera.page.goto('about:blank')
  await vera.page.goto(second)
  await vera.page.getByText('To the workspace Harbour of Main, with the role view.').waitFor()
}, 30_000)

test('PR-03 the invited person chooses a name and a password, lands in the workspace, and the list of invitations tells by itself', async () => {
  const { page } = vera
  await page.getByLabel('Your name').fill(veraPerson.name)
  await page.getByLabel('Password').fill(veraPerson.password)
  await page.getByRole('button', { name: 'Join' }).click()
  await page.getByRole('heading', { level: 1, name: 'Harbour' }).waitFor()
  expect(page.url()).toBe(`${portal.url}/workspaces/${harbour}`)
  await owner.getByRole('row', { name: veraPerson.email }).getByText('Accepted').waitFor()
}, 30_000)

test('AM-02 who may only view finds each action with the reason why not', async () => {
  const { page } = vera
  await page.goto(settings(harbour, 'sharing'))
  await page.getByRole('heading', { name: 'You may not see the sharing' }).waitFor()
  for (const name of ['Grant permission', 'Transfer ownership']) {
    const button = page.getByRole('button', { name })
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    const reason = await page.locator(`[id="${await button.getAttribute('aria-describedby')}"]`).textContent()
    expect(reason).toContain(name === 'Grant permission' ? 'manage_members' : 'transfer')
  }
  await page.goto(settings(harbour, 'members'))
  await page.getByRole('row', { name: /Vera Viewer.*View.*a grant of their own/ }).waitFor()
}, 30_000)

test('PR-03 a revoked invitation leads nowhere', async () => {
  await owner.goto(`${settings(harbour, 'invitations')}?new=true`)
  await owner.getByRole('dialog').getByLabel('Email').fill('nobody@freehold.test')
  await owner.getByRole('dialog').getByRole('button', { name: 'Invite', exact: true }).click()
  const link = await takeLink()
  await owner.getByRole('button', { name: 'Revoke nobody@freehold.test' }).click()
  await owner.getByRole('button', { name: 'Revoke invitation' }).click()
  await owner.getByRole('row', { name: 'nobody@freehold.test' }).getByText('Revoked').waitFor()
  const stranger = await visit()
  await stranger.page.goto(link)
  await stranger.page.getByRole('heading', { level: 1, name: 'This link does not work' }).waitFor()
  await stranger.context.close()
}, 30_000)

test('AM-03 a grant shows a workspace in the list of whom it is shared with, by itself', async () => {
  const { page } = vera
  await page.goto(`${portal.url}/workspaces`)
  await page.locator('[data-live=live]').waitFor()
  await page.getByRole('link', { name: 'Harbour', exact: true }).waitFor()
  expect(await page.getByRole('link', { name: 'Wharf', exact: true }).count()).toBe(0)

  await owner.goto(settings(wharf, 'sharing'))
  await owner.getByRole('button', { name: 'Grant permission' }).click()
  const dialog = owner.getByRole('dialog')
  await dialog.getByLabel('Email').fill('not-here@freehold.test')
  await dialog.getByRole('button', { name: 'Grant permission' }).click()
  await dialog.getByText('Nobody signs in here with this email.').waitFor()
  await dialog.getByLabel('Email').fill(veraPerson.email)
  await dialog.getByRole('button', { name: 'Grant permission' }).click()
  await owner.getByRole('row', { name: /Vera Viewer.*View/ }).waitFor()
  await page.getByRole('link', { name: 'Wharf', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Wharf' }).waitFor()
}, 30_000)

test('AM-03 a changed role holds at once, and what is taken away closes on the screen of whom it is taken from', async () => {
  const { page } = vera
  await page.goto(settings(wharf, 'sharing'))
  await page.locator('[data-live=live]').waitFor()
  await page.getByRole('heading', { name: 'You may not see the sharing' }).waitFor()
  await owner.getByRole('button', { name: 'Change Vera Viewer' }).click()
  await owner.getByRole('dialog').getByRole('radio', { name: 'Admin' }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await owner.getByRole('row', { name: /Vera Viewer.*Admin/ }).waitFor()
  await page.getByRole('row', { name: /Vera Viewer.*Admin/ }).waitFor()

  await owner.getByRole('button', { name: 'Remove Vera Viewer' }).click()
  await owner.getByRole('dialog').getByText('They are refused from the next request on').waitFor()
  await owner.getByRole('button', { name: 'Take access away' }).click()
  await owner.getByRole('row', { name: /Vera Viewer/ }).waitFor({ state: 'detached' })
  await page.getByText('It may have moved, or you may not have access.').waitFor()
}, 30_000)

test('PR-03 a person joins the account and a group, and what is granted to the group reaches them', async () => {
  await owner.goto(account('members'))
  await owner.getByRole('button', { name: 'Add person' }).click()
  await owner.getByRole('dialog').getByLabel('Email').fill(veraPerson.email)
  await owner.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
  await owner.getByRole('row', { name: /Vera Viewer.*Member/ }).waitFor()

  await owner.goto(`${account('groups')}?new=true`)
  await owner.getByRole('dialog').getByLabel('Name').fill('Pilots')
  await owner.getByRole('dialog').getByRole('button', { name: 'Create group' }).click()
  await owner.getByRole('heading', { level: 2, name: 'Pilots' }).waitFor()
  await owner.getByRole('button', { name: 'Add members' }).click()
  await owner.getByRole('combobox', { name: 'People and groups of the account' }).fill('vera')
  await owner.getByRole('option', { name: /Vera Viewer/ }).click()
  await owner.getByRole('button', { name: 'Done' }).click()
  await owner.getByRole('row', { name: /Vera Viewer.*By hand/ }).waitFor()

  await owner.goto(`${settings(wharf, 'sharing')}?new=true`)
  await owner.getByRole('combobox', { name: 'Share with' }).click()
  await owner.getByRole('option', { name: 'A group' }).click()
  await owner.getByRole('combobox', { name: 'Group' }).click()
  await owner.getByRole('option', { name: 'Pilots' }).click()
  await owner.getByRole('dialog').getByRole('radio', { name: 'Edit' }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Grant permission' }).click()
  await owner.getByRole('row', { name: /Pilots.*Group.*Edit/ }).waitFor()
  await owner.goto(settings(wharf, 'members'))
  await owner.getByRole('row', { name: /Vera Viewer.*Edit.*group Pilots/ }).waitFor()
}, 45_000)

test('the access check names the role that stands in the way, and what would change it', async () => {
  await owner.goto(settings(wharf, 'access-check'))
  await owner.getByLabel('Who').fill(veraPerson.email)
  await owner.getByRole('button', { name: 'Explain' }).click()
  await owner.getByText('Vera Viewer may read on Wharf, as edit.').waitFor()
  await owner.getByRole('listitem').filter({ hasText: 'Pilots' }).first().waitFor()
  await owner.getByRole('combobox', { name: 'Permission' }).click()
  await owner.getByRole('option', { name: /^manage_members/ }).click()
  await owner.getByText('Vera Viewer may not manage_members on Wharf').waitFor()
  await owner.getByRole('region', { name: 'In the way' }).getByText('edit does not include manage_members').waitFor()
}, 30_000)

test('a deleted group takes with it what came through it, after its name has been typed', async () => {
  await owner.goto(account('groups'))
  await owner.getByRole('button', { name: 'Delete Pilots' }).click()
  const dialog = owner.getByRole('dialog')
  await dialog.getByText('1 person in it').waitFor()
  expect(await dialog.getByRole('button', { name: 'Delete group' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Type Pilots to confirm').fill('Pilots')
  await dialog.getByRole('button', { name: 'Delete group' }).click()
  await owner.getByRole('heading', { name: 'No groups yet' }).waitFor()
  expect((await vera.context.request.get(`${portal.url}/v1/workspaces/${wharf}`)).status()).toBe(404)
}, 30_000)

test('AM-03 ownership is handed over by the slug, and the former owner keeps the role they chose', async () => {
  await owner.goto(settings(harbour, 'sharing'))
  await owner.getByRole('button', { name: 'Transfer ownership' }).click()
  const dialog = owner.getByRole('dialog')
  await dialog.getByLabel('New owner').fill(veraPerson.email)
  expect(await dialog.getByRole('button', { name: 'Transfer ownership' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Type harbour to confirm').fill('harbour')
  await dialog.getByRole('button', { name: 'Transfer ownership' }).click()
  await owner.getByRole('row', { name: /Vera Viewer.*Owner/ }).waitFor()
  await owner.getByRole('row', { name: /Operator.*Admin/ }).waitFor()
  expect(await owner.getByRole('button', { name: 'Remove Vera Viewer' }).getAttribute('aria-disabled')).toBe('true')
}, 30_000)

test('PR-03 whoever signs in already accepts after signing in, and the token of the link is in no address that is sent', async () => {
  await owner.goto(`${settings(wharf, 'invitations')}?new=true`)
  await owner.getByRole('dialog').getByLabel('Email').fill(veraPerson.email)
  await owner.getByRole('dialog').getByRole('radio', { name: 'Edit' }).click()
  await owner.getByRole('dialog').getByRole('button', { name: 'Invite', exact: true }).click()
  const link = await takeLink()
  const { context, page } = await visit()
  const sent: string[] = []
  page.on('request', (request) => sent.push(request.url()))
  await page.goto(link)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.waitForURL(/\/login/)
  expect(page.url()).not.toContain(link.split('#')[1])
  await page.reload()
  await signIn(page, veraPerson)
  await page.getByRole('button', { name: 'Accept the invitation' }).click()
  await page.getByRole('heading', { level: 1, name: 'Wharf' }).waitFor()
  const told = sent.filter(
    (url) => url.includes(link.split('#')[1] ?? '-') && !url.includes('#') && !url.includes('/v1/invitations/preview'),
  )
  expect(told).toEqual([])
  expect(await page.evaluate(() => Object.values(sessionStorage).join())).not.toContain(link.split('#')[1])
  await context.close()
}, 30_000)

test('no page broke the Content-Security-Policy or threw', () => expect(faults.flat()).toEqual([]))

const settings = (workspaceId: string, page: string) => `${portal.url}/workspaces/${workspaceId}/settings/${page}`
const account = (page: string) => `${portal.url}/accounts/${accountId}/${page}`

async function visit(): Promise<Visitor> {
  const { context, faults: said } = await openContext(browser)
  faults.push(said)
  return { context, page: await context.newPage() }
}

/** Reads the link that is shown once, closes it, and makes sure that it is gone. */
async function takeLink(): Promise<string> {
  const link = (await owner.getByTestId('secret').textContent()) ?? ''
  await owner.getByRole('button', { name: 'Done' }).click()
  await owner.getByRole('button', { name: 'Done' }).click()
  await owner.getByTestId('secret').waitFor({ state: 'detached' })
  expect(await owner.evaluate(() => [document.documentElement.outerHTML, location.href].join())).not.toContain(link.split('#')[1])
  return link
}
