import { dirname, relative, resolve } from 'node:path'

/** A syntax node as oxlint hands it over (ESTree with TypeScript); rules narrow what they read. */
export type Node = { type: string; parent?: Node } & Record<string, unknown>

export type RuleContext = {
  filename: string
  settings: Record<string, unknown>
  report(problem: { node: Node; message: string }): void
}

export type Rule = { create(context: RuleContext): Record<string, (node: Node) => void> }

const projectRoot = resolve(import.meta.dirname, '../..')

/** The root that paths are judged from. Tests of the rules set it to their own folder of snippets. */
export function findRoot(context: RuleContext): string {
  const settings = context.settings['freehold']
  return isNode(settings) && typeof settings['root'] === 'string' ? settings['root'] : projectRoot
}

/** The linted file's path from the project's root, with forward slashes. */
export function pathInProject(context: RuleContext): string {
  return relative(findRoot(context), context.filename).replaceAll('\\', '/')
}

/** Where a relative import leads, from the project's root, with forward slashes. */
export function resolveImport(context: RuleContext, specifier: string): string {
  return relative(findRoot(context), resolve(dirname(context.filename), specifier)).replaceAll('\\', '/')
}

export function isTestFile(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(^|\/)(test|test-fixtures)(\/|\.ts$)/.test(path) || path.startsWith('apps/portal/e2e/')
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null
}

export function readString(node: unknown): string | undefined {
  return isNode(node) && typeof node['value'] === 'string' ? node['value'] : undefined
}

export function readName(node: unknown): string | undefined {
  return isNode(node) && typeof node['name'] === 'string' ? node['name'] : undefined
}

/** The names along `a.b.c`, and along `a.b(…).c`; `[]` for anything that starts otherwise. */
export function readChain(node: unknown): string[] {
  if (!isNode(node)) return []
  if (node.type === 'Identifier') return [readName(node) ?? '']
  if (node.type === 'CallExpression') return readChain(node['callee'])
  if (node.type === 'TaggedTemplateExpression') return readChain(node['tag'])
  if (node.type !== 'MemberExpression') return []
  const [object, property] = [readChain(node['object']), readName(node['property'])]
  return object.length > 0 && property !== undefined ? [...object, property] : []
}

/** The property that a call is made on, `selectFrom` in `db.with(…).selectFrom('app')`. */
export function readMethod(call: Node): string | undefined {
  const callee = call['callee']
  return isNode(callee) && callee.type === 'MemberExpression' ? readName(callee['property']) : undefined
}

export function readArguments(call: Node): Node[] {
  return Array.isArray(call['arguments']) ? call['arguments'].filter(isNode) : []
}

/** Calls `visit` with every module that a file names: imports, re-exports, `import()` and `import('…').Type`. */
export function visitImports(visit: (specifier: string, node: Node, typeOnly: boolean) => void): Record<string, (node: Node) => void> {
  const report = (node: Node, source: unknown, typeOnly: boolean) => {
    const specifier = readString(source)
    if (specifier !== undefined) visit(specifier, node, typeOnly)
  }
  return {
    ImportDeclaration: (node) => report(node, node['source'], node['importKind'] === 'type'),
    ExportNamedDeclaration: (node) => report(node, node['source'], node['exportKind'] === 'type'),
    ExportAllDeclaration: (node) => report(node, node['source'], node['exportKind'] === 'type'),
    ImportExpression: (node) => report(node, node['source'], false),
    TSImportType: (node) => report(node, node['source'], true),
  }
}
