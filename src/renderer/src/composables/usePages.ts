/** A long list read from main a page at a time, as its rows come into sight. */
import { onMounted, shallowReactive, shallowRef, type ShallowRef } from 'vue'
import type { UserErrorData } from '../../../shared/errors'
import { errorData } from '../format/errorData'

const PAGE = 100

export interface Page<Row, Totals> {
  rows: readonly Row[]
  /** What is said of all rows that were asked for. */
  totals: Totals
}

export interface Pages<Row, Totals> {
  /** Null until the first page is there. */
  totals: ShallowRef<Totals | null>
  error: ShallowRef<UserErrorData | null>
  need(first: number, last: number): void
  rowAt(index: number): Row | undefined
  /** Asks anew, from the first row. What was shown stays until something of what is asked now is there. */
  restart(): void
}

export function usePages<Row, Totals>(
  read: (offset: number, limit: number) => Promise<Page<Row, Totals>>,
): Pages<Row, Totals> {
  const totals = shallowRef<Totals | null>(null)
  const error = shallowRef<UserErrorData | null>(null)
  const pages = shallowReactive(new Map<number, readonly Row[]>())
  const requested = new Set<number>()
  let turn = 0
  let isStale = false

  async function fetch(page: number): Promise<void> {
    const mine = turn
    try {
      const answer = await read(page * PAGE, PAGE)
      if (mine !== turn) return
      if (isStale) pages.clear()
      isStale = false
      pages.set(page, answer.rows)
      totals.value = answer.totals
      error.value = null
    } catch (thrown) {
      if (mine !== turn) return
      requested.delete(page)
      error.value = errorData(thrown)
    }
  }

  function need(first: number, last: number): void {
    for (let page = Math.floor(first / PAGE); page <= Math.floor(last / PAGE); page++) {
      if (requested.has(page)) continue
      requested.add(page)
      void fetch(page)
    }
  }

  function restart(): void {
    turn++
    isStale = true
    requested.clear()
    need(0, 0)
  }

  onMounted(restart)
  return {
    totals,
    error,
    need,
    rowAt: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
    restart,
  }
}
