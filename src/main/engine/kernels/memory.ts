/**
 * Host memory of a training process: bump-allocated arenas over WebAssembly memories, with the kernels of
 * `kernels.as.ts` bound to each. The runtime's tensors are views of the same bytes, so nothing is copied.
 */
import { readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { invariant, UserError } from '../../../shared/errors'

const PAGE_BYTES = 65_536
/** One WebAssembly memory addresses 4 GiB; a page is kept free so that pointers stay below 2³². */
export const MAX_ARENA_BYTES = 65_535 * PAGE_BYTES

/** Byte offset into an arena. */
export type Pointer = number

/** The exports of kernels.as.ts; see there for what each computes. */
export interface Kernels {
  adamw(
    p: Pointer,
    g: Pointer,
    m: Pointer,
    v: Pointer,
    n: number,
    lr: number,
    beta1: number,
    beta2: number,
    eps: number,
    c1: number,
    c2: number,
    weightDecay: number,
    gradScale: number,
  ): void
  coupleDecay(g: Pointer, p: Pointer, n: number, gradScale: number, weightDecay: number): void
  addScaled(y: Pointer, x: Pointer, n: number, factor: number): void
  momentum(
    p: Pointer,
    g: Pointer,
    b: Pointer,
    n: number,
    lr: number,
    keep: number,
    take: number,
    nesterov: boolean,
  ): void
  lion(
    p: Pointer,
    g: Pointer,
    m: Pointer,
    n: number,
    lr: number,
    beta1: number,
    beta2: number,
    weightDecay: number,
    gradScale: number,
  ): void
  adafactorMatrix(
    g: Pointer,
    row: Pointer,
    col: Pointer,
    rows: number,
    cols: number,
    beta2: number,
    eps: number,
    gradScale: number,
  ): number
  adafactorVector(g: Pointer, v: Pointer, n: number, beta2: number, eps: number, gradScale: number): number
  clamp(x: Pointer, n: number, limit: number): void
  sumOfSquares(x: Pointer, n: number): number
  scale(x: Pointer, n: number, factor: number): void
  add(y: Pointer, x: Pointer, n: number): void
  zero(x: Pointer, bytes: number): void
  addRows(table: Pointer, rows: Pointer, ids: Pointer, count: number, width: number, skip: number): void
  uniformNoise(
    dst: Pointer,
    ordinals: Pointer,
    scales: Pointer,
    rows: number,
    length: number,
    width: number,
    key0: number,
    key1: number,
  ): void
  dropoutMask(
    dst: Pointer,
    ordinals: Pointer,
    rows: number,
    outer: number,
    inner: number,
    width: number,
    key0: number,
    key1: number,
    threshold: number,
  ): void
}

/** What is used of the WebAssembly namespace: its types live in the DOM library, which this process has not. */
interface WasmMemory {
  readonly buffer: ArrayBuffer
}
interface WasmNamespace {
  compile(bytes: Uint8Array): Promise<WasmModule>
  Instance: new (module: WasmModule, imports: object) => { readonly exports: unknown }
  Memory: new (size: { initial: number; maximum: number }) => WasmMemory
}
type WasmModule = object
const wasm = (globalThis as unknown as { WebAssembly: WasmNamespace }).WebAssembly

let compiled: Promise<WasmModule> | undefined

/** @throws UserError `environment` where the set-up has not built the kernels. */
async function compileKernels(): Promise<WasmModule> {
  compiled ??= readFile(findKernels()).then((bytes) => wasm.compile(bytes))
  return compiled
}

function findKernels(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    for (const parts of [['out', 'kernels'], ['kernels']]) {
      const file = join(folder, ...parts, 'kernels.wasm')
      if (existsSync(file)) return file
    }
    if (folder === dirname(folder))
      throw new UserError('environment', 'The compiled kernels (kernels.wasm) are missing.', {
        hint: 'Run: npm run setup',
      })
  }
}

/**
 * A fixed-size block of memory. Pages that nobody touches cost nothing, so reserving generously is free;
 * it never grows, because growing would detach every view.
 */
export class Arena {
  readonly kernels: Kernels
  readonly #memory: WasmMemory
  readonly capacityBytes: number
  #used = 64

  private constructor(memory: WasmMemory, module: WasmModule) {
    this.#memory = memory
    this.capacityBytes = memory.buffer.byteLength
    const imports = { env: { memory, abort: aborted } }
    this.kernels = new wasm.Instance(module, imports).exports as Kernels
  }

  /** @throws UserError `out-of-memory` where the machine has not that much. */
  static async reserve(bytes: number): Promise<Arena> {
    invariant(bytes <= MAX_ARENA_BYTES - 64, `an arena holds at most ${MAX_ARENA_BYTES} bytes, not ${bytes}`)
    const pages = Math.ceil((bytes + 64) / PAGE_BYTES)
    const module = await compileKernels()
    try {
      return new Arena(new wasm.Memory({ initial: pages, maximum: pages }), module)
    } catch (error) {
      throw new UserError(
        'out-of-memory',
        `${Math.ceil(bytes / 2 ** 20)} MiB of memory could not be reserved.`,
        {
          hint: 'Close other programs or choose a smaller model.',
          cause: error,
        },
      )
    }
  }

  get freeBytes(): number {
    return this.capacityBytes - this.#used
  }

  /** A 64-byte aligned piece, zeroed. */
  allocate(bytes: number): Pointer {
    const start = Math.ceil(this.#used / 64) * 64
    invariant(start + bytes <= this.capacityBytes, `arena of ${this.capacityBytes} bytes is full`)
    this.#used = start + bytes
    return start
  }

  float32(at: Pointer, length: number): Float32Array {
    return new Float32Array(this.#memory.buffer, at, length)
  }

  int32(at: Pointer, length: number): Int32Array {
    return new Int32Array(this.#memory.buffer, at, length)
  }

  int64(at: Pointer, length: number): BigInt64Array {
    return new BigInt64Array(this.#memory.buffer, at, length)
  }

  bytes(at: Pointer, length: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, at, length)
  }
}

function aborted(): never {
  throw new Error('invariant: a kernel aborted')
}
