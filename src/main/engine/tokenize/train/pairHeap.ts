/** A max-heap of candidate merges by count, ties to the smaller pair. */
export interface PairEntry {
  pair: number
  /** As it was when the entry was pushed; the trainer checks it against the present count. */
  count: number
  /** Words the pair was seen in. */
  words: number[]
}

export class PairHeap {
  constructor(private readonly items: PairEntry[]) {
    for (let i = (items.length >> 1) - 1; i >= 0; i--) this.sink(i, items[i]!)
  }

  push(item: PairEntry): void {
    const { items } = this
    let i = items.push(item) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!isBefore(item, items[parent]!)) break
      items[i] = items[parent]!
      i = parent
    }
    items[i] = item
  }

  pop(): PairEntry | undefined {
    const { items } = this
    const top = items[0]
    const last = items.pop()
    if (last && items.length > 0) this.sink(0, last)
    return top
  }

  private sink(start: number, item: PairEntry): void {
    const { items } = this
    let i = start
    for (;;) {
      let child = 2 * i + 1
      if (child >= items.length) break
      if (child + 1 < items.length && isBefore(items[child + 1]!, items[child]!)) child++
      if (!isBefore(items[child]!, item)) break
      items[i] = items[child]!
      i = child
    }
    items[i] = item
  }
}

function isBefore(a: PairEntry, b: PairEntry): boolean {
  return a.count > b.count || (a.count === b.count && a.pair < b.pair)
}
