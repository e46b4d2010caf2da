/** The merge loop of byte-pair encoding: scanning for short words, a heap for long ones. */
import { Heap } from '../heap'
import type { WordTokens } from './model'

export interface MergeTable {
  /** Keys are `left * size + right`. */
  size: number
  byPair: ReadonlyMap<number, { rank: number; id: number }>
}

const SCAN_LIMIT = 48

/** Merges in place, always the pair of the lowest rank, leftmost first; `ends` follow. */
export function mergeSymbols(ids: number[], ends: number[], table: MergeTable): WordTokens {
  return ids.length <= SCAN_LIMIT ? mergeByScan(ids, ends, table) : mergeByHeap(ids, ends, table)
}

function mergeByScan(ids: number[], ends: number[], { size, byPair }: MergeTable): WordTokens {
  const ranks = new Array<{ rank: number; id: number } | undefined>(ids.length)
  for (let i = 0; i + 1 < ids.length; i++) ranks[i] = byPair.get(ids[i]! * size + ids[i + 1]!)
  for (;;) {
    let best = -1
    let bestRank = Infinity
    for (let i = 0; i + 1 < ids.length; i++) {
      const merge = ranks[i]
      if (merge && merge.rank < bestRank) {
        best = i
        bestRank = merge.rank
      }
    }
    if (best < 0) return { ids, ends }
    ids[best] = ranks[best]!.id
    ids.splice(best + 1, 1)
    ends.splice(best, 1)
    ranks.splice(best, 1)
    ranks[best] = best + 1 < ids.length ? byPair.get(ids[best]! * size + ids[best + 1]!) : undefined
    if (best > 0) ranks[best - 1] = byPair.get(ids[best - 1]! * size + ids[best]!)
  }
}

/** A doubly linked list of symbols and a heap of (rank, position); stale entries are skipped when popped. */
function mergeByHeap(ids: number[], ends: number[], { size, byPair }: MergeTable): WordTokens {
  const count = ids.length
  const next = Int32Array.from({ length: count }, (_, i) => (i + 1 < count ? i + 1 : -1))
  const previous = Int32Array.from({ length: count }, (_, i) => i - 1)
  const isGone = new Uint8Array(count)
  const heap = new Heap(isBefore)
  const offer = (left: number) => {
    const right = next[left]!
    if (right < 0) return
    const merge = byPair.get(ids[left]! * size + ids[right]!)
    if (merge) heap.push({ rank: merge.rank, position: left, id: merge.id })
  }
  for (let i = 0; i + 1 < count; i++) offer(i)
  for (let top = heap.pop(); top; top = heap.pop()) {
    const left = top.position
    const right = isGone[left] ? -1 : next[left]!
    if (right < 0 || byPair.get(ids[left]! * size + ids[right]!)?.id !== top.id) continue
    ids[left] = top.id
    ends[left] = ends[right]!
    isGone[right] = 1
    next[left] = next[right]!
    if (next[right]! >= 0) previous[next[right]!] = left
    if (previous[left]! >= 0) offer(previous[left]!)
    offer(left)
  }
  const kept = (_: unknown, i: number) => !isGone[i]
  return { ids: ids.filter(kept), ends: ends.filter(kept) }
}

interface PendingMerge {
  rank: number
  position: number
  id: number
}

function isBefore(a: PendingMerge, b: PendingMerge): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.position < b.position)
}
