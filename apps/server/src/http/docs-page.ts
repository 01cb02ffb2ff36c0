import { type AnyRoute, errorCatalogue } from '@freehold/contract'

type Schema = {
  type?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  anyOf?: Schema[]
  format?: string
  default?: unknown
  minLength?: number
  maxLength?: number
}

/** The reference as one page, without scripts: every route with its guard, parameters, answer and curl. */
export function docsPage(routes: readonly AnyRoute[], version: string): string {
  const tags = [...new Set(routes.map((route) => route.tag))]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Freehold API reference</title><link rel="stylesheet" href="/docs.css"></head><body>
<nav aria-label="Reference"><a class="home" href="/">Freehold</a><p>Version ${version}</p><ul><li><a href="#conventions">Conventions</a></li>${tags.map((tag) => `<li><a href="#${anchor(tag)}">${tag}</a></li>`).join('')}<li><a href="#errors">Errors</a></li><li><a href="/openapi.json">OpenAPI 3.1</a></li></ul></nav>
<main><h1>API reference</h1>${conventions}
${tags
  .map(
    (tag) =>
      `<section id="${anchor(tag)}"><h2>${tag}</h2>${routes
        .filter((route) => route.tag === tag)
        .map(operation)
        .join('')}</section>`,
  )
  .join('')}
${errors()}</main></body></html>`
}

const conventions = `<section id="conventions"><h2>Conventions</h2>
<p>JSON in <code>snake_case</code>, times in UTC, ids are UUIDs. Authenticate with <code>Authorization: Bearer …</code>: a personal access token (<code>fhp_…</code>) reaches what you reach, an API key (<code>fhk_…</code>) its workspace.</p>
<p>Lists are bare arrays, newest first, with <code>?limit=</code> and <code>?cursor=</code>; the next page is in the <code>Link</code> header. Every POST takes an <code>Idempotency-Key</code>; every change takes <code>?dry_run=true</code>; every single resource has an <code>ETag</code>, which <code>If-Match</code> holds a change to.</p></section>`

function operation(route: AnyRoute): string {
  const path = route.path.replace(/:(\w+)/g, '{$1}')
  const { guard } = route
  const access =
    'permission' in guard
      ? `Needs <code>${guard.permission}</code> on the ${guard.on}.`
      : 'self' in guard
        ? `Any credential. ${escape(guard.self)}`
        : `Public. ${escape(guard.public)}`
  return `<article id="${route.operationId}"><h3>${escape(route.summary)}</h3><p class="route"><b>${route.method}</b> <code>${path}</code></p>
${route.description ? `<p>${escape(route.description)}</p>` : ''}<p class="access">${access}</p>
${fields('Path', route.params)}${fields('Query', route.query)}${fields('Body', route.body)}
${route.stream ? '' : fields(`Answer ${route.status}`, answerOf(route.response))}
<pre><code>${escape(curl(route, path))}</code></pre></article>`
}

function answerOf(schema: Schema): Schema | undefined {
  return schema.type === 'array' ? schema.items : schema
}

function fields(title: string, schema: Schema | undefined): string {
  const entries = Object.entries(schema?.properties ?? {})
  if (entries.length === 0) return ''
  const rows = entries.map(([name, field]) => {
    const required = schema?.required?.includes(name) ? '' : ' <i>optional</i>'
    return `<tr><th scope="row"><code>${name}</code>${required}</th><td>${escape(typeOf(field))}</td><td>${escape(field.description ?? '')}</td></tr>`
  })
  return `<table><caption>${title}</caption><tbody>${rows.join('')}</tbody></table>`
}

function typeOf(field: Schema): string {
  if (field.enum) return field.enum.map(String).join(' | ')
  if (field.anyOf) return field.anyOf.map(typeOf).join(' | ')
  if (field.type === 'array') return `${typeOf(field.items ?? {})}[]`
  const fallback = field.default === undefined ? '' : `, default ${JSON.stringify(field.default)}`
  return `${field.format ?? field.type ?? 'any'}${fallback}`
}

function curl(route: AnyRoute, path: string): string {
  const method = route.method === 'GET' ? '' : ` -X ${route.method}`
  const auth = 'public' in route.guard ? '' : ' -H "Authorization: Bearer $TOKEN"'
  const body = route.body ? ` -H 'Content-Type: application/json' -d '${JSON.stringify(example(route.body))}'` : ''
  return `curl${route.stream === 'sse' ? ' -N' : ''} -s${method}${auth}${body} "$FREEHOLD_URL${path}"`
}

function example(schema: Schema): Record<string, unknown> {
  const required = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name) ?? false)
  return Object.fromEntries(
    required.map(([name, field]) => [
      name,
      field.enum?.[0] ?? (field.format === 'uuid' ? '…' : field.type === 'integer' ? 1 : `my-${name.replaceAll('_', '-')}`),
    ]),
  )
}

function errors(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { status, title }]) =>
      `<tr id="error-${code}"><th scope="row"><code>${code}</code></th><td>${status}</td><td>${title}</td></tr>`,
  )
  return `<section id="errors"><h2>Errors</h2><p>Problem documents (RFC 9457). <code>detail</code> says what to do next; <code>code</code> is stable.</p><table><caption>Codes</caption><tbody>${rows.join('')}</tbody></table></section>`
}

function anchor(tag: string): string {
  return tag.toLowerCase().replaceAll(' ', '-')
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
