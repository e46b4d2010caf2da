/** From 64-bit keys to the numbers filed under them, in typed arrays: millions of keys take some tens of bytes each. */
export class Postings {
  private slots = new Int32Array(1024).fill(-1)
  private high = new Int32Array(512)
  private low = new Int32Array(512)
  /** First entry of a key. */
  private first = new Int32Array(512)
  private keys = 0
  private values = new Int32Array(512)
  /** Next entry of the same key, or -1. */
  private next = new Int32Array(512)
  private entries = 0

  add(high: number, low: number, value: number): void {
    let key = this.find(high, low)
    if (key < 0) key = this.addKey(high, low)
    const head = this.first[key]!
    // The same value under the same key twice in a row is one.
    if (head >= 0 && this.values[head] === value) return
    if (this.entries === this.values.length) [this.values, this.next] = [grown(this.values), grown(this.next)]
    this.values[this.entries] = value
    this.next[this.entries] = head
    this.first[key] = this.entries++
  }

  /** The key's number, from 0 in the order they came; -1 where there is none. */
  find(high: number, low: number): number {
    const mask = this.slots.length - 1
    for (let slot = (high ^ low) & mask; ; slot = (slot + 1) & mask) {
      const key = this.slots[slot]!
      if (key < 0 || (this.high[key] === high && this.low[key] === low)) return key
    }
  }

  *valuesOf(key: number): Generator<number> {
    for (let entry = this.first[key]!; entry >= 0; entry = this.next[entry]!) yield this.values[entry]!
  }

  private addKey(high: number, low: number): number {
    if (this.keys === this.high.length) {
      this.high = grown(this.high)
      this.low = grown(this.low)
      this.first = grown(this.first)
    }
    const key = this.keys++
    this.high[key] = high
    this.low[key] = low
    this.first[key] = -1
    if (2 * this.keys > this.slots.length) {
      this.slots = new Int32Array(2 * this.slots.length).fill(-1)
      for (let each = 0; each < this.keys; each++) this.place(each)
    } else this.place(key)
    return key
  }

  private place(key: number): void {
    const mask = this.slots.length - 1
    let slot = (this.high[key]! ^ this.low[key]!) & mask
    while (this.slots[slot]! >= 0) slot = (slot + 1) & mask
    this.slots[slot] = key
  }
}

function grown(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length)
  larger.set(array)
  return larger
}
