import type { ApiKeyRole } from '@freehold/contract'

export type DemoKey = { name: string; description: string; role: ApiKeyRole; lifetimeDays: number | null; revoked?: true }

/** `ends` is the state that the demo leaves the workspace in. */
export type DemoWorkspace = {
  name: string
  description: string
  environments: { slug: string; name: string }[]
  keys: DemoKey[]
  ends: { status: 'active' } | { status: 'frozen'; reason: string } | { status: 'failed'; reason: string }
}

/** Oldest first: lists show the last one on top. */
export const demoWorkspaces: readonly DemoWorkspace[] = [
  {
    name: 'Loyalty Points',
    description: 'Points and vouchers, as they were before Checkout took them over.',
    environments: [],
    keys: [{ name: 'statement export', description: 'Monthly statements', role: 'view', lifetimeDays: 365 }],
    ends: { status: 'frozen', reason: 'Moving into Checkout. Nothing may change until that is done.' },
  },
  {
    name: 'Mobile Beta',
    description: 'The next app, for its first testers.',
    environments: [],
    keys: [],
    ends: { status: 'failed', reason: 'The demo refused to open storage for this workspace once. Retry the run: it will succeed.' },
  },
  {
    name: 'Warehouse Reports',
    description: 'Nightly figures for the operations team.',
    environments: [],
    keys: [
      { name: 'nightly load', description: 'Runs at two in the morning', role: 'edit', lifetimeDays: 90 },
      { name: 'wall display', description: 'The screen in the packing hall', role: 'view', lifetimeDays: null },
    ],
    ends: { status: 'active' },
  },
  {
    name: 'Product Search',
    description: 'Index, ranking and the query API.',
    environments: [{ slug: 'preview', name: 'Preview' }],
    keys: [
      { name: 'indexer', description: 'Feeds the index', role: 'edit', lifetimeDays: 90 },
      { name: 'old indexer', description: 'Replaced by indexer', role: 'edit', lifetimeDays: 30, revoked: true },
    ],
    ends: { status: 'active' },
  },
  {
    name: 'Checkout',
    description: 'Payment pages and the services behind them.',
    environments: [
      { slug: 'load-test', name: 'Load test' },
      { slug: 'partner', name: 'Partner sandbox' },
    ],
    keys: [
      { name: 'ci', description: 'Builds and releases', role: 'admin', lifetimeDays: 30 },
      { name: 'storefront', description: 'Calls from the shop', role: 'edit', lifetimeDays: 90 },
      { name: 'dashboards', description: 'Reads for the team screens', role: 'view', lifetimeDays: 365 },
    ],
    ends: { status: 'active' },
  },
]
