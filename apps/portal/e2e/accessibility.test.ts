import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AccessData, fillAccess } from './support/access-data.ts'
import { findOverflow, findViolations } from './support/accessibility.ts'
import { claim, createWorkspace, launchBrowser, openContext, operator } from './support/browser.ts'
import { fillFiles } from './support/files-data.ts'
import { fillData } from './support/stored-data.ts'
import { type Portal, startPortal } from './support/start-portal.ts'

let portal: Portal
let browser: Browser
let workspaceId: string
let accountId: string
let archivedId: string
let emptyId: string
let access: AccessData
let fileId: string
let storageState: Awaited<ReturnType<BrowserContext['storageState']>>

beforeAll(async () => {
  portal = await startPortal()
  browser = await launchBrowser()
  const { context } = await openContext(browser)
  const page = await context.newPage()
  await claim(page, portal.setupLink, operator)
  workspaceId = await createWorkspace(page, 'A workspace with a name that is rather long, as names of workspaces are')
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
  const headers = { origin: portal.url }
  const create = async (path: string, data?: object) => {
    const answer = await context.request.post(portal.url + path, { headers, ...(data && { data }) })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
  }
  await fillData(context.request, `${portal.url}/v1/workspaces/${workspaceId}`)
  const limits = { scopes: ['sessions:read'], environments: ['dev'] }
  await create(`/v1/workspaces/${workspaceId}/api-keys`, { name: 'ci', description: 'Builds', ...limits })
  await create('/v1/me/tokens', { name: 'laptop' })
  await create(`/org-workspaces/${workspaceId}/access-token`, { tenantKey: 'acme' })
  emptyId = await createWorkspace(page, 'Empty')
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
  const collections = `/v1/workspaces/${workspaceId}/vault/collections`
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, ssn: { type: 'string', 'x-sensitive': true } },
    required: ['name'],
  }
  await create(collections, { name: 'people', description: 'Customers', schema, indexes: [{ fields: [{ field: 'name' }] }] })
  await create(`${collections}/people/records`, { data: { name: 'Grace', ssn: '078-05-1120' } })
  archivedId = await createWorkspace(page, 'Archived')
  await page.locator('h1 + span', { hasText: 'Active' }).waitFor()
  await create(`/v1/workspaces/${archivedId}/archive`)
  const accounts = (await (await context.request.get(`${portal.url}/v1/accounts`)).json()) as { id: string }[]
  accountId = accounts[0]?.id ?? ''
  access = await fillAccess(browser, context.request, { url: portal.url, workspaceId, accountId })
  fileId = await fillFiles(context.request, portal.url, `${portal.url}/v1/workspaces/${workspaceId}`)
  storageState = await context.storageState()
}, 60_000)

afterAll(async () => {
  await browser?.close()
  await portal?.stop()
})

type State = {
  name: string
  path: () => string
  open?: (page: Page) => Promise<void>
  /** What must be on the screen before it is looked at. */
  shows?: string
}

const W = () => `/workspaces/${workspaceId}`
const A = () => `/accounts/${accountId}`
const group = () => `${A()}/groups/${access.groupId}`
const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
const type = (key: string) => (page: Page) => page.keyboard.press(key)
const follow = (name: string) => (page: Page) => page.getByRole('link', { name, exact: true }).click()
const dialog = '[role=dialog]'

const more = (key: string, item: string) => async (page: Page) => {
  await press(`More for ${key}`)(page)
  await page.getByRole('menuitem', { name: item }).click()
}
const preview = (text: string) => async (page: Page) => {
  await page.getByRole('textbox', { name: 'Secrets', exact: true }).fill(text)
  await press('Preview')(page)
}

/** Of the pages about what a workspace keeps. */
const dataStates: State[] = [
  { name: 'secrets', path: () => `${W()}/secrets`, shows: 'text=Overridden in' },
  { name: 'secrets of an environment', path: () => `${W()}/secrets?environment=dev`, shows: 'text=Overrides the shared value' },
  { name: 'secrets, none found', path: () => `${W()}/secrets?q=nothing`, shows: 'text=No secret matches' },
  { name: 'secrets of an environment without any', path: () => `/workspaces/${emptyId}/secrets`, shows: 'text=No secrets yet' },
  { name: 'secrets while archived', path: () => `/workspaces/${archivedId}/secrets`, shows: 'h2' },
  { name: 'new secret', path: () => `${W()}/secrets?new=true`, shows: dialog },
  { name: 'edit secret', path: () => `${W()}/secrets`, open: more('DATABASE_URL', 'Edit'), shows: 'text=New value' },
  { name: 'menu of a secret', path: () => `${W()}/secrets`, open: press('More for DATABASE_URL'), shows: '[role=menu]' },
  { name: 'reveal secret', path: () => `${W()}/secrets`, open: press('Reveal DATABASE_URL'), shows: dialog },
  {
    name: 'revealed secret',
    path: () => `${W()}/secrets`,
    open: async (page) => {
      await press('Reveal DATABASE_URL')(page)
      await press('Reveal value')(page)
    },
    shows: '[data-testid=secret]',
  },
  { name: 'versions of a secret', path: () => `${W()}/secrets`, open: more('DATABASE_URL', 'Versions'), shows: 'text=Current' },
  { name: 'delete secret', path: () => `${W()}/secrets`, open: more('DATABASE_URL', 'Delete'), shows: dialog },
  { name: 'import secrets', path: () => `${W()}/secrets?action=import`, open: preview('A=b\nDATABASE_URL=c'), shows: 'text=Added' },
  { name: 'import secrets, refused', path: () => `${W()}/secrets?action=import`, open: preview('2A=b\nB'), shows: '[aria-label=Refused]' },
  { name: 'credentials', path: () => `${W()}/settings/credentials`, shows: 'text=Not checked yet' },
  { name: 'credentials, failed check', path: () => `${W()}/settings/credentials`, open: press('Check Warehouse'), shows: 'text=Failed' },
  { name: 'credentials, none yet', path: () => `/workspaces/${emptyId}/settings/credentials`, shows: 'text=No credentials yet' },
  { name: 'types of credentials', path: () => `${W()}/settings/credentials?new=true`, shows: dialog },
  { name: 'new credential', path: () => `${W()}/settings/credentials?new=true`, open: press('S3'), shows: 'text=Secret access key' },
  {
    name: 'credential whose address changes',
    path: () => `${W()}/settings/credentials`,
    open: async (page) => {
      await more('Warehouse', 'Edit')(page)
      await page.getByRole('textbox', { name: 'Host' }).fill('elsewhere.example.com')
    },
    shows: 'text=clears the stored secret',
  },
]

const states: State[] = [
  { name: 'workspaces', path: () => '/workspaces', shows: '[role=row] a' },
  { name: 'workspaces, nothing found', path: () => '/workspaces?q=nothing-of-that-name' },
  { name: 'create workspace', path: () => '/workspaces?new=true', shows: dialog },
  {
    name: 'status filter',
    path: () => '/workspaces',
    open: (page) => page.getByRole('combobox', { name: 'Status' }).click(),
    shows: '[role=option]',
  },
  { name: 'command menu', path: () => '/workspaces', open: type('Control+k'), shows: dialog },
  { name: 'shortcuts', path: () => '/workspaces', open: type('?'), shows: dialog },
  { name: 'overview', path: W, shows: 'article' },
  { name: 'actions', path: W, open: press('Actions'), shows: '[role=menu]' },
  { name: 'switcher', path: W, open: press(/Switch workspace/), shows: '[role=option]' },
  { name: 'user menu', path: W, open: press(/menu of/), shows: '[role=menu]' },
  { name: 'freeze', path: () => `${W()}?action=freeze`, shows: dialog },
  { name: 'changelog', path: () => `${W()}/activity`, open: (page) => page.locator('main li button').first().click(), shows: 'main dl' },
  { name: 'chain', path: () => `${W()}/activity`, open: press('Verify chain'), shows: 'text=The chain is whole' },
  { name: 'settings', path: () => `${W()}/settings` },
  { name: 'API keys', path: () => `${W()}/settings/api-keys`, shows: 'text=Builds' },
  { name: 'create key', path: () => `${W()}/settings/api-keys?new=true`, shows: dialog },
  { name: 'limits of a new key', path: () => `${W()}/settings/api-keys?new=true`, open: press(/^Limits/), shows: '[type=checkbox]' },
  { name: 'limits of a key', path: () => `${W()}/settings/api-keys`, open: press('Limits of ci'), shows: dialog },
  { name: 'rotate key', path: () => `${W()}/settings/api-keys`, open: press('Rotate ci'), shows: dialog },
  { name: 'revoke key', path: () => `${W()}/settings/api-keys`, open: press('Revoke ci'), shows: dialog },
  { name: 'access tokens', path: () => `${W()}/settings/tokens`, shows: 'text=Workspace key' },
  { name: 'make a token', path: () => `${W()}/settings/tokens?new=true`, shows: dialog },
  { name: 'add public key', path: () => `${W()}/settings/tokens?action=add-key`, shows: dialog },
  { name: 'tenants', path: () => `${W()}/settings/tenants`, shows: 'text=acme' },
  { name: 'tenants, nothing found', path: () => `${W()}/settings/tenants?q=nothing`, shows: 'text=No tenant matches' },
  { name: 'delete tenant', path: () => `${W()}/settings/tenants`, open: press('Delete acme'), shows: dialog },
  { name: 'files', path: () => `${W()}/files`, shows: 'text=picture.png' },
  { name: 'files, an empty folder', path: () => `${W()}/files?path=nowhere/`, shows: 'text=Nothing in this folder' },
  { name: 'files, nothing found', path: () => `${W()}/files?q=nothing`, shows: 'text=No file matches' },
  { name: 'files, a page of many', path: () => `${W()}/files?path=reports/2026/`, shows: 'text=more available' },
  {
    name: 'files, uploads',
    path: () => `${W()}/files`,
    open: (page) =>
      page.locator('input[type=file]').setInputFiles([
        { name: 'uploaded.txt', mimeType: 'text/plain', buffer: Buffer.from('again') },
        { name: 'bad\\name.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
      ]),
    shows: 'text=1 file uploaded, 1 failed',
  },
  { name: 'file', path: () => `${W()}/files?id=${fileId}`, shows: 'text=v2' },
  { name: 'file, an image', path: () => `${W()}/files`, open: follow('picture.png'), shows: 'img[alt^=Preview]' },
  { name: 'file, a PDF', path: () => `${W()}/files?path=reports/`, open: follow('contract.pdf'), shows: 'text=PDFs are not opened' },
  { name: 'rename file', path: () => `${W()}/files?id=${fileId}&action=rename`, shows: dialog },
  { name: 'restore version of a file', path: () => `${W()}/files?id=${fileId}`, open: press('Restore version 1'), shows: '.dialog' },
  { name: 'delete file', path: () => `${W()}/files?id=${fileId}&action=delete`, shows: dialog },
  { name: 'files while archived', path: () => `/workspaces/${archivedId}/files`, shows: 'text=What belongs here is kept' },
  { name: 'archive', path: () => `${W()}?action=archive`, shows: dialog },
  { name: 'collections', path: () => `${W()}/vault`, shows: 'text=Customers' },
  { name: 'create collection', path: () => `${W()}/vault?new=true`, shows: dialog },
  { name: 'drop collection', path: () => `${W()}/vault`, open: press('Drop people'), shows: dialog },
  { name: 'records', path: () => `${W()}/vault/people?sort=name`, shows: 'text=Grace' },
  {
    name: 'record',
    path: () => `${W()}/vault/people`,
    open: (page) => page.getByRole('link', { name: 'Grace' }).click(),
    shows: '[role=dialog] form',
  },
  { name: 'schema of a collection', path: () => `${W()}/vault/people?tab=schema`, shows: 'text=Ready' },
  { name: 'edit schema', path: () => `${W()}/vault/people?action=schema`, shows: '[role=dialog] form' },
  { name: 'import records', path: () => `${W()}/vault/people?action=import`, shows: dialog },
  { name: 'archived', path: () => `/workspaces/${archivedId}`, shows: 'text=is archived' },
  { name: 'tenants while archived', path: () => `/workspaces/${archivedId}/settings/tenants`, shows: 'text=is archived' },
  { name: 'members', path: () => `${W()}/settings/members`, shows: 'text=group Engineering' },
  { name: 'members, nobody found', path: () => `${W()}/settings/members?q=nobody`, shows: 'text=Nobody matches' },
  { name: 'sharing', path: () => `${W()}/settings/sharing`, shows: 'text=Engineering' },
  { name: 'grant permission', path: () => `${W()}/settings/sharing?new=true`, shows: dialog },
  { name: 'change a grant', path: () => `${W()}/settings/sharing`, open: press('Change Ada Admin'), shows: dialog },
  { name: 'take access away', path: () => `${W()}/settings/sharing`, open: press('Remove Engineering'), shows: dialog },
  { name: 'transfer ownership', path: () => `${W()}/settings/sharing?action=transfer`, shows: dialog },
  { name: 'invitations', path: () => `${W()}/settings/invitations`, shows: 'text=Revoked' },
  { name: 'invite', path: () => `${W()}/settings/invitations?new=true`, shows: dialog },
  { name: 'invite again', path: () => `${W()}/settings/invitations`, open: press('Resend to newcomer@freehold.test'), shows: dialog },
  { name: 'access check', path: () => `${W()}/settings/access-check`, shows: 'text=Through' },
  { name: 'access refused', path: () => `${W()}/settings/access-check?q=vera@freehold.test&action=deploy`, shows: 'text=In the way' },
  { name: 'people of an account', path: () => `${A()}/members`, shows: 'text=Ada Admin' },
  { name: 'add a person', path: () => `${A()}/members?new=true`, shows: dialog },
  { name: 'change a person', path: () => `${A()}/members`, open: press('Change the role of Ada Admin'), shows: dialog },
  { name: 'remove a person', path: () => `${A()}/members`, open: press('Remove Ada Admin'), shows: dialog },
  { name: 'groups', path: () => `${A()}/groups`, shows: 'text=On call' },
  { name: 'create group', path: () => `${A()}/groups?new=true`, shows: dialog },
  { name: 'delete group', path: () => `${A()}/groups`, open: press('Delete Engineering'), shows: dialog },
  { name: 'group', path: group, shows: 'text=On call' },
  { name: 'add to a group', path: () => `${group()}?new=true`, shows: '[role=option]' },
  { name: 'edit group', path: () => `${group()}?action=edit`, shows: dialog },
  { name: 'take out of a group', path: group, open: press('Remove On call'), shows: dialog },
  { name: 'invitations to an account', path: () => `${A()}/invitations`, shows: 'text=later@freehold.test' },
  { name: 'invite to an account', path: () => `${A()}/invitations?new=true`, shows: dialog },
  { name: 'invitation of somebody else', path: () => `/invitations/accept#${access.token}`, shows: 'text=Sign out and go on' },
  { name: 'activity log', path: () => '/activity', shows: 'main li' },
  { name: 'account', path: () => `/accounts/${accountId}`, shows: '[role=row] a' },
  { name: 'account security', path: () => `/accounts/${accountId}/security`, shows: '[role=switch]' },
  { name: 'profile', path: () => '/me', shows: 'text=laptop' },
  { name: 'create token', path: () => '/me?new=true', shows: dialog },
  { name: 'set up an authenticator app', path: () => '/me?action=set-up-app', shows: '[role=dialog] [role=img]' },
  { name: 'not found', path: () => '/workspaces/01890000-0000-7000-8000-000000000000' },
]
const publicStates: State[] = [
  { name: 'sign in', path: () => '/login' },
  { name: 'sign in, refused', path: () => '/login', open: press('Sign in') },
  { name: 'sign-in callback, refused', path: () => '/sign-in/callback?code=none&state=none', shows: '[role=alert]' },
  { name: 'invitation', path: () => `/invitations/accept#${access.token}`, shows: 'form' },
  { name: 'invitation by a wrong link', path: () => '/invitations/accept#none', shows: 'text=This link does not work' },
  { name: 'setup, claimed already', path: () => '/setup#token=none' },
]
/** As somebody who may only view: the reasons why not. */
const viewerStates: State[] = ['api-keys', 'invitations', 'sharing', 'tenants', 'tokens', 'access-check', 'members', 'credentials'].map(
  (page) => ({
    name: `${page}, only viewing`,
    path: () => `${W()}/settings/${page}`,
  }),
)
viewerStates.push(
  { name: 'secrets, only viewing', path: () => `${W()}/secrets` },
  { name: 'files, only viewing', path: () => `${W()}/files`, shows: 'text=picture.png' },
  { name: 'file, only viewing', path: () => `${W()}/files?id=${fileId}`, shows: 'text=v2' },
)

const widths = [1440, 390]
const narrowest = 320

describe.each(widths)('at %i px', (width) => {
  let visitor: Viewer
  let member: Viewer
  let viewer: Viewer

  beforeAll(async () => {
    const look = { viewport: { width, height: 844 }, colorScheme: 'light', reducedMotion: 'reduce', hasTouch: width < 500 } as const
    visitor = await openViewer(look)
    member = await openViewer({ ...look, storageState })
    viewer = await openViewer({ ...look, storageState: access.viewer })
  })
  afterAll(() => Promise.all([visitor, member, viewer].map(({ context }) => context.close())))

  test.each([...publicStates, ...states, ...dataStates, ...viewerStates])(
    '$name has no accessibility fault in light and dark, no overflow and no policy breach',
    async (state) => {
      const { page, faults } = publicStates.includes(state) ? visitor : viewerStates.includes(state) ? viewer : member
      await page.emulateMedia({ colorScheme: 'light' })
      await page.setViewportSize({ width, height: 844 })
      await show(page, state)
      const found = [...(await findViolations(page)), ...(await findOverflow(page))]
      // The other theme is the same page in other colours.
      await page.emulateMedia({ colorScheme: 'dark' })
      await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark')
      await settle(page)
      found.push(...(await findLastingFaults(page)))
      if (width < 500) {
        await page.setViewportSize({ width: narrowest, height: 640 })
        await settle(page)
        found.push(...(await findOverflow(page)))
      }
      expect([...found, ...faults.splice(0)]).toEqual([])
    },
  )
})

/** Faults of contrast that are still there once the colours have had time to change. */
async function findLastingFaults(page: Page): Promise<string[]> {
  for (let tries = 0; ; tries++) {
    await settle(page)
    const found = await findViolations(page, ['color-contrast'])
    if (found.length === 0 || tries === 4) return found
  }
}

type Viewer = Awaited<ReturnType<typeof openContext>> & { page: Page }

/** One page for many states: each is loaded anew, but from a warm cache. */
async function openViewer(options: BrowserContextOptions): Promise<Viewer> {
  const opened = await openContext(browser, options)
  return { ...opened, page: await opened.context.newPage() }
}

async function show(page: Page, { path, open, shows }: State) {
  await page.goto(portal.url + path())
  await page.locator('h1').first().waitFor()
  await open?.(page)
  if (shows) await page.locator(shows).first().waitFor()
  await page.waitForFunction(() => document.querySelector('.skeleton') === null)
  await settle(page)
}

/** Until what moves stands still. Pop-ups follow their anchors a frame later. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))))
}
