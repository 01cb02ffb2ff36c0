/** One page of a list; `next` is the cursor of the page after it, null on the last. */
export type PageOf<T> = { items: T[]; next: string | null }

/**
 * A list that nobody has asked for yet. `await` gives its first page; `for await` gives every item of this page and all
 * after it, fetching each page as it is reached. The first page is fetched once, whichever comes first.
 */
export class Page<T> implements Promise<PageOf<T>>, AsyncIterable<T> {
  readonly [Symbol.toStringTag] = 'Page'
  readonly #fetch: (cursor: string | undefined) => Promise<PageOf<T>>
  #first: Promise<PageOf<T>> | undefined

  constructor(fetch: (cursor: string | undefined) => Promise<PageOf<T>>) {
    this.#fetch = fetch
  }

  #fetchFirst(): Promise<PageOf<T>> {
    return (this.#first ??= this.#fetch(undefined))
  }

  then<R = PageOf<T>, F = never>(
    onFulfilled?: ((page: PageOf<T>) => R | PromiseLike<R>) | null,
    onRejected?: ((reason: unknown) => F | PromiseLike<F>) | null,
  ): Promise<R | F> {
    return this.#fetchFirst().then(onFulfilled, onRejected)
  }

  catch<F = never>(onRejected?: ((reason: unknown) => F | PromiseLike<F>) | null): Promise<PageOf<T> | F> {
    return this.#fetchFirst().catch(onRejected)
  }

  finally(onFinally?: (() => void) | null): Promise<PageOf<T>> {
    return this.#fetchFirst().finally(onFinally)
  }

  /** Page by page, for whoever shows progress or writes in batches. */
  async *pages(): AsyncGenerator<PageOf<T>, void, undefined> {
    let page = await this.#fetchFirst()
    yield page
    while (page.next !== null) {
      page = await this.#fetch(page.next)
      yield page
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items
  }
}

/** The cursor in `Link: <…?cursor=…>; rel="next"`, null without one. */
export function readNextCursor(link: string | null): string | null {
  for (const part of (link ?? '').split(/,(?=\s*<)/)) {
    const target = /^\s*<([^>]*)>.*;\s*rel="?next"?/i.exec(part)?.[1]
    if (target !== undefined) return new URLSearchParams(target.slice(target.indexOf('?') + 1)).get('cursor')
  }
  return null
}
