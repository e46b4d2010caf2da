/** Rows of an evaluation, read a page at a time as they come into sight. */
import { onMounted, ref, shallowReactive, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type {
  Example,
  ExampleFilter,
  ExampleSort,
  ExampleTotals,
} from '../../../../../shared/domain/examples'
import type { UserErrorData } from '../../../../../shared/errors'
import type { RunId } from '../../../../../shared/ids'
import { errorData } from '../../../format/errorData'
import { ipc } from '../../../ipc'

const PAGE = 100

export interface Asked {
  run: RunId
  /** `null`: the best. */
  step: number | null
  filter: ExampleFilter
  sort: ExampleSort
}

export interface Pages {
  totals: ShallowRef<ExampleTotals | null>
  error: ShallowRef<UserErrorData | null>
  /** Index of the current row. */
  active: Ref<number | undefined>
  need(first: number, last: number): void
  rowAt(index: number): Example | undefined
}

export function usePages(asked: () => Asked): Pages {
  const totals = shallowRef<ExampleTotals | null>(null)
  const error = shallowRef<UserErrorData | null>(null)
  const active = ref<number>()
  const pages = shallowReactive(new Map<number, Example[]>())
  const requested = new Set<number>()
  let turn = 0

  async function read(page: number): Promise<void> {
    const mine = turn
    const { run, step, filter, sort } = asked()
    try {
      const query = { ...filter, sort, offset: page * PAGE, limit: PAGE }
      const { examples, rows, wrong, meanLoss } = await ipc.examples.page({ run, step, query })
      if (mine !== turn) return
      // What was shown stays until the first page of what is asked now is there.
      if (requested.size === 1) pages.clear()
      pages.set(page, examples)
      totals.value = { rows, wrong, meanLoss }
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
      void read(page)
    }
  }

  function restart(): void {
    turn++
    requested.clear()
    active.value = 0
    need(0, 0)
  }

  onMounted(restart)
  watch(() => JSON.stringify(asked()), restart)

  return {
    totals,
    error,
    active,
    need,
    rowAt: (index) => pages.get(Math.floor(index / PAGE))?.[index % PAGE],
  }
}
