/** A growing Int32Array. */
export class IdBuffer {
  data = new Int32Array(64)
  length = 0

  push(id: number): void {
    if (this.length === this.data.length) this.grow(this.length + 1)
    this.data[this.length++] = id
  }

  append(ids: ArrayLike<number>): void {
    const needed = this.length + ids.length
    if (needed > this.data.length) this.grow(needed)
    for (let i = 0; i < ids.length; i++) this.data[this.length + i] = ids[i]!
    this.length = needed
  }

  private grow(needed: number): void {
    const larger = new Int32Array(Math.max(needed, 2 * this.data.length))
    larger.set(this.data)
    this.data = larger
  }
}
