/**
 * Where the numbers of a model live: parameters, and in training their gradients and optimizer state, as contiguous
 * ranges of arenas: all that decays, and all that does not, is one block for the optimizer.
 */
import { invariant, UserError } from '../../../shared/errors'
import { Arena, MAX_ARENA_BYTES, type Pointer } from '../kernels/memory'
import { elements, type ParameterSpec } from '../nn/parameter'
import type { BlockMember, ParameterBlock, Slot } from '../optim/optimizer'
import { decays } from '../optim/weightDecay'

export interface StoredParameter {
  readonly spec: ParameterSpec
  readonly arena: Arena
  readonly at: Pointer
  /** `undefined` where it is not trained. */
  readonly gradientAt: Pointer | undefined
  /** Optimizer state; `null` where a slot is not for this parameter. */
  readonly slotsAt: readonly (Pointer | null)[]
  readonly length: number
  readonly values: Float32Array
}

export interface ParameterMemory {
  /** Optimizer state; `null` for a model that is only run forward. */
  slots: readonly Slot[] | null
  /** Room to leave in the arena that holds the row-gradient tables, for rows and ids. */
  scratchBytes?: number
  isTrainable?: (name: string) => boolean
  /** Part of the learning rate that a parameter learns at; default 1. */
  rateFactor?: (name: string) => number
}

export class Parameters {
  readonly #byName = new Map<string, StoredParameter>()
  readonly blocks: readonly ParameterBlock[]

  private constructor(stored: readonly StoredParameter[], blocks: readonly ParameterBlock[]) {
    for (const parameter of stored) this.#byName.set(parameter.spec.name, parameter)
    this.blocks = blocks
  }

  /** Zeroed memory for the parameters. @throws UserError `environment` where there is not enough. */
  static async reserve(specs: readonly ParameterSpec[], memory: ParameterMemory): Promise<Parameters> {
    const isTrained = (spec: ParameterSpec) =>
      memory.slots !== null && !spec.isBuffer && (memory.isTrainable?.(spec.name) ?? true)
    const trained = specs.filter(isTrained)
    const slots = memory.slots ?? []
    // Sizes of what lies side by side for a parameter: itself, its gradient, its optimizer state.
    const trainedSizes = (spec: ParameterSpec) => [
      elements(spec),
      elements(spec),
      ...slots.map((slot) => product(slot.shapeFor(spec.shape))),
    ]
    const rateFactor = memory.rateFactor ?? (() => 1)
    const groups: Group[] = [
      ...alike(trained, rateFactor).map((members) => ({ specs: members, sizesOf: trainedSizes })),
      { specs: specs.filter((spec) => !isTrained(spec)), sizesOf: (spec) => [elements(spec)] },
    ]
    const stored: StoredParameter[] = []
    const blocks: ParameterBlock[] = []
    for (const part of packIntoArenas(groups, memory.scratchBytes ?? 0)) {
      const arena = await Arena.reserve(part.bytes)
      for (const { specs: members, sizesOf } of part.runs) {
        const sizes = members.map(sizesOf)
        const regions = sizes[0]!.map((_, k) =>
          arena.allocate(4 * sizes.reduce((n, size) => n + size[k]!, 0)),
        )
        const next = [...regions]
        const blockMembers: BlockMember[] = []
        members.forEach((spec, i) => {
          const [at, gradientAt, ...slotsAt] = next.map((pointer, k) => {
            next[k] = pointer + 4 * sizes[i]![k]!
            return sizes[i]![k] === 0 ? null : pointer
          })
          const length = elements(spec)
          stored.push({
            spec,
            arena,
            at: at!,
            gradientAt: gradientAt ?? undefined,
            slotsAt,
            length,
            values: arena.float32(at!, length),
          })
          if (gradientAt !== undefined)
            blockMembers.push({
              shape: spec.shape,
              parameters: at!,
              gradients: gradientAt!,
              slots: slotsAt,
            })
        })
        const [parameters, gradients, ...slotRegions] = regions
        if (gradients !== undefined)
          blocks.push({
            arena,
            length: members.reduce((n, spec) => n + elements(spec), 0),
            parameters: parameters!,
            gradients,
            slots: slotRegions,
            members: blockMembers,
            decays: decays(members[0]!.name),
            rateFactor: rateFactor(members[0]!.name),
          })
      }
    }
    const inModelOrder = specs.map((spec) => stored.find((parameter) => parameter.spec === spec)!)
    return new Parameters(inModelOrder, blocks)
  }

  /** In the order the model declares them. */
  all(): StoredParameter[] {
    return [...this.#byName.values()]
  }

  get(name: string): StoredParameter {
    const parameter = this.#byName.get(name)
    invariant(parameter, `there is no parameter ${name}`)
    return parameter
  }

  /** @throws where it is not trained. */
  gradient(name: string): Float32Array {
    const { arena, gradientAt, length } = this.get(name)
    invariant(gradientAt !== undefined, `${name} is not trained`)
    return arena.float32(gradientAt, length)
  }

  isTrained(name: string): boolean {
    return this.get(name).gradientAt !== undefined
  }

  zeroGradients(): void {
    for (const { arena, gradients, length } of this.blocks) arena.kernels.zero(gradients, length * 4)
  }

  get trainableCount(): number {
    return this.blocks.reduce((n, block) => n + block.length, 0)
  }
}

/** Those that decay and those that do not, each by its part of the learning rate: what shares a block. */
function alike(
  specs: readonly ParameterSpec[],
  rateFactor: (name: string) => number,
): readonly ParameterSpec[][] {
  const groups = new Map<string, ParameterSpec[]>()
  for (const isDecaying of [true, false])
    for (const spec of specs.filter(({ name }) => decays(name) === isDecaying)) {
      const key = `${isDecaying} ${rateFactor(spec.name)}`
      groups.set(key, [...(groups.get(key) ?? []), spec])
    }
  return [...groups.values()]
}

/** Parameters treated alike, and how many elements each of their tensors has. */
interface Group {
  specs: readonly ParameterSpec[]
  sizesOf: (spec: ParameterSpec) => number[]
}

interface ArenaPart {
  runs: { specs: ParameterSpec[]; sizesOf: Group['sizesOf'] }[]
  bytes: number
}

function product(shape: readonly number[] | null): number {
  return shape === null ? 0 : shape.reduce((n, dim) => n * dim, 1)
}

/** Cuts the groups into arenas of at most 4 GiB; the scratch goes where tables with row gradients are. */
function packIntoArenas(groups: readonly Group[], scratchBytes: number): ArenaPart[] {
  const parts: ArenaPart[] = []
  const alignment = 64 * 8
  for (const { specs, sizesOf } of groups) {
    let run: ParameterSpec[] = []
    let part: ArenaPart | undefined = parts.at(-1)
    const flush = () => {
      if (run.length > 0) part!.runs.push({ specs: run, sizesOf })
      run = []
    }
    for (const spec of specs) {
      const sizes = sizesOf(spec).reduce((a, b) => a + b, 0)
      const bytes = sizes * 4 + (spec.gradient === 'rows' ? scratchBytes : 0) + alignment
      if (bytes + alignment > MAX_ARENA_BYTES)
        throw new UserError(
          'environment',
          `${spec.name} is too large: one tensor may take 4 GiB with its state.`,
        )
      if (!part || part.bytes + bytes > MAX_ARENA_BYTES - alignment) {
        flush()
        part = { runs: [], bytes: alignment }
        parts.push(part)
      }
      part.bytes += bytes
      run.push(spec)
    }
    flush()
  }
  return parts
}
