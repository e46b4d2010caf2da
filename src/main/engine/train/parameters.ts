/**
 * Where the numbers of a model live: parameters, and in training their gradients and optimizer state, as contiguous
 * ranges of arenas: all that decays, and all that does not, is one block for the optimizer.
 */
import { invariant, UserError } from '../../../shared/errors'
import { Arena, MAX_ARENA_BYTES, type Pointer } from '../kernels/memory'
import { elements, type ParameterSpec } from '../nn/parameter'
import type { ParameterBlock } from '../optim/optimizer'
import { decays } from '../optim/weightDecay'

export interface StoredParameter {
  readonly spec: ParameterSpec
  readonly arena: Arena
  readonly at: Pointer
  /** `undefined` where it is not trained. */
  readonly gradientAt: Pointer | undefined
  readonly slotsAt: readonly Pointer[]
  readonly length: number
  readonly values: Float32Array
}

export interface ParameterMemory {
  /** Optimizer state tensors a parameter; `null` for a model that is only run forward. */
  slots: number | null
  /** Room to leave in the arena that holds the row-gradient tables, for rows and ids. */
  scratchBytes?: number
  isTrainable?: (name: string) => boolean
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
      memory.slots !== null && (memory.isTrainable?.(spec.name) ?? true)
    const trained = specs.filter(isTrained)
    const groups: [ParameterSpec[], number][] = [
      [trained.filter((spec) => decays(spec.name)), 2 + (memory.slots ?? 0)],
      [trained.filter((spec) => !decays(spec.name)), 2 + (memory.slots ?? 0)],
      [specs.filter((spec) => !isTrained(spec)), 1],
    ]
    const stored: StoredParameter[] = []
    const blocks: ParameterBlock[] = []
    for (const part of packIntoArenas(groups, memory.scratchBytes ?? 0)) {
      const arena = await Arena.reserve(part.bytes)
      for (const { specs: members, copies } of part.runs) {
        const length = members.reduce((n, spec) => n + elements(spec), 0)
        const regions = Array.from({ length: copies }, () => arena.allocate(length * 4))
        const [parameters, gradients, ...slots] = regions
        if (gradients !== undefined)
          blocks.push({
            arena,
            length,
            parameters: parameters!,
            gradients,
            slots,
            decays: decays(members[0]!.name),
          })
        let done = 0
        for (const spec of members) {
          const offset = done * 4
          const size = elements(spec)
          stored.push({
            spec,
            arena,
            at: parameters! + offset,
            gradientAt: gradients === undefined ? undefined : gradients + offset,
            slotsAt: slots.map((slot) => slot + offset),
            length: size,
            values: arena.float32(parameters! + offset, size),
          })
          done += size
        }
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

  zeroGradients(): void {
    for (const { arena, gradients, length } of this.blocks) arena.kernels.zero(gradients, length * 4)
  }

  get trainableCount(): number {
    return this.blocks.reduce((n, block) => n + block.length, 0)
  }

  get totalCount(): number {
    return this.all().reduce((n, parameter) => n + parameter.length, 0)
  }
}

interface ArenaPart {
  runs: { specs: ParameterSpec[]; copies: number }[]
  bytes: number
}

/** Cuts the groups into arenas of at most 4 GiB; the scratch goes where tables with row gradients are. */
function packIntoArenas(groups: readonly [ParameterSpec[], number][], scratchBytes: number): ArenaPart[] {
  const parts: ArenaPart[] = []
  const alignment = 64 * 8
  for (const [specs, copies] of groups) {
    let run: ParameterSpec[] = []
    let part: ArenaPart | undefined = parts.at(-1)
    const flush = () => {
      if (run.length > 0) part!.runs.push({ specs: run, copies })
      run = []
    }
    for (const spec of specs) {
      const bytes = elements(spec) * 4 * copies + (spec.gradient === 'rows' ? scratchBytes : 0) + alignment
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
