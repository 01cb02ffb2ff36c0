/** `subject permission resource` and whether it is allowed. */
type Expectation = readonly [subject: string, permission: string, resource: string, allowed: boolean]

export type ConformanceCase = {
  readonly title: string
  /** Tuples in the notation of formatRelationship. */
  readonly tuples: readonly string[]
  readonly expect: readonly Expectation[]
}

const past = '[expiration:2020-01-01T00:00:00.000Z]'
const future = '[expiration:2999-01-01T00:00:00.000Z]'

/** What any engine must answer over schema.zed. An error counts as a refusal: SpiceDB gives one for groups that go in circles. */
export const conformanceCases: readonly ConformanceCase[] = [
  {
    title: 'AM-03 a role reaches members of a group, of a group in it, and nobody else',
    tuples: [
      'workspace:w1#edit@group:outer#member',
      'group:outer#member@group:inner#member',
      'group:inner#member@user:ann',
      'group:other#member@user:bob',
    ],
    expect: [
      ['user:ann', 'write', 'workspace:w1', true],
      ['user:ann', 'administer', 'workspace:w1', false],
      ['user:bob', 'read', 'workspace:w1', false],
      ['group:inner#member', 'write', 'workspace:w1', true],
      ['group:other#member', 'write', 'workspace:w1', false],
    ],
  },
  {
    title: 'groups that hold each other come to an end',
    tuples: [
      'group:one#member@group:two#member',
      'group:two#member@group:one#member',
      'group:two#member@user:ann',
      'workspace:w1#view@group:one#member',
    ],
    expect: [
      ['user:ann', 'read', 'workspace:w1', true],
      ['user:bob', 'read', 'workspace:w1', false],
    ],
  },
  {
    title: 'a role ends with its expiry',
    tuples: [
      `workspace:w1#admin@user:ann${past}`,
      'workspace:w1#view@user:ann',
      `workspace:w1#edit@api_key:key${future}`,
      `workspace:w1#admin@api_key:old${past}`,
    ],
    expect: [
      ['user:ann', 'read', 'workspace:w1', true],
      ['user:ann', 'reveal', 'workspace:w1', false],
      ['api_key:key', 'execute', 'workspace:w1', true],
      ['api_key:old', 'read', 'workspace:w1', false],
    ],
  },
  {
    title: 'GF-01 a role in one workspace is none in its sibling',
    tuples: [
      'workspace:w1#account@account:a1',
      'workspace:w2#account@account:a1',
      'workspace:w1#owner@user:ann',
      'workspace:w1#admin@api_key:key',
    ],
    expect: [
      ['user:ann', 'transfer', 'workspace:w1', true],
      ['user:ann', 'read', 'workspace:w2', false],
      ['user:ann', 'read', 'account:a1', false],
      ['api_key:key', 'read', 'workspace:w2', false],
    ],
  },
  {
    title: 'who administers the account administers its workspaces, and does not own them',
    tuples: [
      'workspace:w1#account@account:a1',
      'account:a1#admin@group:staff#member',
      'group:staff#member@user:ann',
      'account:a2#owner@user:bob',
    ],
    expect: [
      ['user:ann', 'administer', 'workspace:w1', true],
      ['user:ann', 'transfer', 'workspace:w1', false],
      ['user:bob', 'read', 'workspace:w1', false],
    ],
  },
  {
    title: 'operators run the installation and read no workspace and no account',
    tuples: ['installation:main#operator@user:ann', 'workspace:w1#account@account:a1'],
    expect: [
      ['user:ann', 'administer', 'installation:main', true],
      ['user:ann', 'read', 'account:a1', false],
      ['user:ann', 'read', 'workspace:w1', false],
    ],
  },
  {
    title: 'a protected environment takes deployments from administrators only',
    tuples: [
      'workspace:w1#edit@user:ann',
      'workspace:w1#admin@user:bob',
      'environment:dev#workspace@workspace:w1',
      'environment:dev#unprotected@workspace:w1',
      'environment:prod#workspace@workspace:w1',
    ],
    expect: [
      ['user:ann', 'deploy', 'environment:dev', true],
      ['user:ann', 'execute', 'environment:prod', true],
      ['user:ann', 'deploy', 'environment:prod', false],
      ['user:bob', 'deploy', 'environment:prod', true],
      ['user:bob', 'reveal', 'environment:prod', true],
      ['user:ann', 'reveal', 'environment:dev', false],
    ],
  },
]
