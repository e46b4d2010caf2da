/** A binary heap: the item that comes before all others is popped first. */
export class Heap<T> {
  constructor(
    private readonly isBefore: (a: T, b: T) => boolean,
    private readonly items: T[] = [],
  ) {
    for (let i = (items.length >> 1) - 1; i >= 0; i--) this.sink(i, items[i]!)
  }

  push(item: T): void {
    const { items, isBefore } = this
    let i = items.push(item) - 1
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!isBefore(item, items[parent]!)) break
      items[i] = items[parent]!
      i = parent
    }
    items[i] = item
  }

  pop(): T | undefined {
    const { items } = this
    const top = items[0]
    const last = items.pop()
    if (last !== undefined && items.length > 0) this.sink(0, last)
    return top
  }

  private sink(start: number, item: T): void {
    const { items, isBefore } = this
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
