/**
 * Memory that all shapes of a run share, because only one of them runs at a time: dropout masks, token ids and the
 * gradients of table rows. Reserved once for the largest shape; untouched pages cost nothing.
 */
import { Arena, type Pointer } from '../kernels/memory'

export interface ScratchLimits {
  /** Rows and tokens of the largest shapes. */
  rows: number
  tokens: number
  width: number
  maskBytes: number
}

/** What `Scratch` takes of the arena that holds the tables. */
export function rowScratchBytes({ tokens, width }: Pick<ScratchLimits, 'tokens' | 'width'>): number {
  return tokens * (3 * width * 4 + 8) + 4096
}

export class Scratch {
  readonly idsAt: Pointer
  readonly typesAt: Pointer
  readonly #ordinalsAt: Pointer
  readonly #answersAt: Pointer
  readonly #scalesAt: Pointer
  readonly #rowsAt: Pointer
  readonly #masksAt: Pointer
  readonly #rowsEnd: number
  readonly #masksEnd: number
  #rowsUsed = 0
  #masksUsed = 0

  private constructor(
    readonly rowArena: Arena,
    readonly maskArena: Arena,
    limits: ScratchLimits,
  ) {
    this.idsAt = rowArena.allocate(limits.tokens * 4)
    this.typesAt = rowArena.allocate(limits.tokens * 4)
    this.#rowsEnd = 3 * limits.tokens * limits.width * 4
    this.#rowsAt = rowArena.allocate(this.#rowsEnd)
    this.#ordinalsAt = maskArena.allocate(limits.rows * 4)
    this.#answersAt = maskArena.allocate(limits.tokens * 4)
    this.#scalesAt = maskArena.allocate(limits.rows * 4)
    this.#masksEnd = limits.maskBytes
    this.#masksAt = maskArena.allocate(limits.maskBytes)
  }

  static async reserve(rowArena: Arena, limits: ScratchLimits): Promise<Scratch> {
    return new Scratch(
      rowArena,
      await Arena.reserve(limits.maskBytes + (2 * limits.rows + limits.tokens) * 4 + 4096),
      limits,
    )
  }

  /** A new shape lays its buffers over those of the others. */
  begin(): void {
    this.#rowsUsed = 0
    this.#masksUsed = 0
  }

  mask(dims: readonly number[]): { at: Pointer; bytes: Uint8Array } {
    const size = dims.reduce((n, dim) => n * dim, 1)
    const at = this.#masksAt + this.#masksUsed
    this.#masksUsed = Math.ceil((this.#masksUsed + size + 16) / 16) * 16
    if (this.#masksUsed > this.#masksEnd) throw new Error('invariant: dropout masks outgrow their arena')
    return { at, bytes: this.maskArena.bytes(at, size) }
  }

  /** Noise lies among the masks. */
  noise(dims: readonly number[]): { at: Pointer; values: Float32Array } {
    const size = dims.reduce((n, dim) => n * dim, 1)
    const { at } = this.mask([size * 4])
    return { at, values: this.maskArena.float32(at, size) }
  }

  float32(dims: readonly number[]): { at: Pointer; values: Float32Array } {
    const size = dims.reduce((n, dim) => n * dim, 1)
    const at = this.#rowsAt + this.#rowsUsed
    this.#rowsUsed += size * 4
    if (this.#rowsUsed > this.#rowsEnd) throw new Error('invariant: row gradients outgrow their arena')
    return { at, values: this.rowArena.float32(at, size) }
  }

  ids(size: number): Int32Array {
    return this.rowArena.int32(this.idsAt, size)
  }

  types(size: number): Int32Array {
    return this.rowArena.int32(this.typesAt, size)
  }

  /** Which rows of the whole batch the rows of a piece are, as the mask kernel reads it. */
  /** 0 for ghost rows. */
  scales(values: readonly number[], rows: number): Pointer {
    const target = this.maskArena.float32(this.#scalesAt, rows)
    target.fill(0)
    target.set(values)
    return this.#scalesAt
  }

  ordinals(values: readonly number[], rows: number): Pointer {
    return this.#write(this.#ordinalsAt, values, rows)
  }

  /** The same of single answers. */
  answerOrdinals(values: readonly number[], answers: number): Pointer {
    return this.#write(this.#answersAt, values, answers)
  }

  #write(at: Pointer, values: readonly number[], count: number): Pointer {
    const target = this.maskArena.int32(at, count)
    target.fill(0)
    target.set(values)
    return at
  }
}
