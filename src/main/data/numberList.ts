/** Growing lists of numbers, some bytes each, for a value or more a row. */

export class NumberList {
  private data: Float64Array
  length = 0

  constructor(capacity = 1024) {
    this.data = new Float64Array(capacity)
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = new Float64Array(2 * this.length)
      larger.set(this.data)
      this.data = larger
    }
    this.data[this.length++] = value
  }

  /** A sorted copy. */
  sorted(): Float64Array {
    return this.data.slice(0, this.length).sort()
  }
}

/** How many different values a list holds. */
export function countDistinct(list: NumberList): number {
  const sorted = list.sorted()
  let count = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) count++
  return count
}

/** A 53-bit hash of a text (cyrb53, public domain): two of a million texts share one with a chance of 1 in 18,000. */
export function hashText(text: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 2654435761)
    b = Math.imul(b ^ unit, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}
