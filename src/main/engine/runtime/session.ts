/**
 * An ONNX Runtime session over a graph. Feeds are used where they lie (typed arrays, views of a
 * WebAssembly.Memory too); outputs are written into the arrays given.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { invariant, UserError } from '../../../shared/errors'
import { BYTES_PER_ELEMENT, type DType, type HostArray } from '../ir/dtype'
import type { Graph, Value } from '../ir/graph'
import { emitOnnx } from '../onnx/emit'
import { SILENCE } from '../onnx/proto'
import { type ProviderName, providerTarget } from './providers'

export interface HostTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: HostArray
}
export type HostTensors = Readonly<Record<string, HostTensor>>

export interface SessionOptions {
  provider?: ProviderName
  /** Threads inside an operator; default: ONNX Runtime's own choice. */
  numThreads?: number
  /** Node-level profile, written as JSON under this file prefix. */
  profilePrefix?: string
  /** Weights kept inside the session instead of being fed, by name. */
  weights?: ReadonlyMap<string, HostArray>
  /**
   * Keep working memory between runs. Default: only where it is small, since every session keeps its own
   * and a run has one for each shape; freeing it each time costs small graphs about 3 %.
   */
  keepMemory?: boolean
  /** Let ONNX Runtime rewrite the graph: for models that are not of our making. */
  optimize?: boolean
  /** Refuse to run any operator on the cpu where another provider was asked for. */
  strictProvider?: boolean
}

const KEPT_BYTES = 128 * 2 ** 20

/** Bytes of everything the nodes make; what lives at one time is about half of it. Symbols count as 1. */
function workingBytes(graph: Graph): number {
  const bytesOf = ({ dtype, shape }: Value) =>
    shape.reduce<number>((n, d) => (typeof d === 'number' ? n * d : n), BYTES_PER_ELEMENT[dtype])
  return graph.nodes.reduce((sum, node) => sum + node.outputs.reduce((n, v) => n + bytesOf(v), 0), 0)
}

export class Session {
  readonly #session: InferenceSession
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /** Sizes of the inputs, names where they are free. */
  readonly inputShapes: ReadonlyMap<string, readonly (number | string)[]>

  private constructor(session: InferenceSession) {
    this.#session = session
    this.inputNames = session.inputNames
    this.outputNames = session.outputNames
    this.inputShapes = new Map(
      session.inputMetadata.map((input) => [input.name, input.isTensor ? input.shape : []]),
    )
  }

  /** Emits the graph for the provider and loads it. */
  static create(graph: Graph, options: SessionOptions = {}): Promise<Session> {
    const target = providerTarget(options.provider ?? 'cpu')
    const model = emitOnnx(graph, { target, ...(options.weights && { weights: options.weights }) })
    return Session.load(model, { keepMemory: workingBytes(graph) <= KEPT_BYTES, ...options })
  }

  /** Loads ModelProto bytes. @throws UserError `environment` where the provider cannot run them here. */
  static async load(model: Uint8Array, options: SessionOptions = {}): Promise<Session> {
    try {
      return new Session(await InferenceSession.create(model, ortOptions(options)))
    } catch (error) {
      const { provider = 'cpu' } = options
      if (provider === 'cpu') throw error
      throw new UserError('environment', `The ${provider} provider does not start: ${lastSentence(error)}`, {
        hint: 'Choose the provider cpu, or update the graphics driver and run the self-check again.',
        cause: error,
      })
    }
  }

  /** Fixes which arrays are read and written, so that repeated runs build no tensors. */
  bind(inputs: HostTensors, outputs: HostTensors): Binding {
    return new Binding(this.#session, inputs, outputs)
  }

  /** One run into the given arrays. */
  run(inputs: HostTensors, outputs: HostTensors): Promise<void> {
    return this.bind(inputs, outputs).run()
  }

  /** One run; outputs in arrays of their own. */
  async evaluate(
    inputs: HostTensors,
    names: readonly string[] = this.outputNames,
  ): Promise<Record<string, HostTensor>> {
    const results = await this.#session.run(toFeeds(inputs), names)
    return Object.fromEntries(names.map((name) => [name, fromTensor(results[name]!)]))
  }

  endProfiling(): void {
    this.#session.endProfiling()
  }

  async release(): Promise<void> {
    await this.#session.release()
  }
}

export class Binding {
  readonly #feeds: Record<string, Tensor>
  readonly #fetches: Record<string, Tensor | null>
  readonly #isSilent: boolean

  constructor(
    readonly session: InferenceSession,
    inputs: HostTensors,
    outputs: HostTensors,
  ) {
    this.#feeds = toFeeds(inputs)
    this.#isSilent = session.outputNames.includes(SILENCE)
    this.#fetches = { ...(this.#isSilent && { [SILENCE]: null }), ...toFeeds(outputs) }
  }

  /** Points one input at another array. */
  setInput(name: string, tensor: HostTensor): void {
    invariant(name in this.#feeds, `no input named ${name} is bound`)
    this.#feeds[name] = toTensor(tensor)
  }

  async run(): Promise<void> {
    try {
      await this.session.run(this.#feeds, this.#fetches)
    } catch (error) {
      if (!this.#isSilent || !(error instanceof Error) || error.message !== SILENCE_REFUSED) throw error
    }
  }
}

/** What onnxruntime-node says of SILENCE, after the run. */
const SILENCE_REFUSED = 'Non tensor type is temporarily not supported.'

function ortOptions(options: SessionOptions): InferenceSession.SessionOptions {
  const { provider = 'cpu', numThreads, profilePrefix, keepMemory = true, strictProvider, optimize } = options
  return {
    executionProviders: [provider],
    // ONNX Runtime's own rewrites undo ours (it folds transposes back into the slower transA).
    graphOptimizationLevel: optimize ? 'all' : 'disabled',
    logSeverityLevel: 3,
    enableCpuMemArena: keepMemory,
    // The planner's one block a run costs half as much memory again and saves no time.
    enableMemPattern: false,
    ...(numThreads !== undefined && { intraOpNumThreads: numThreads, interOpNumThreads: 1 }),
    ...(profilePrefix !== undefined && { enableProfiling: true, profileFilePrefix: profilePrefix }),
    extra: {
      session: {
        set_denormal_as_zero: '1',
        // Every session has threads of its own; those of one that has just run must not spin while the next one runs.
        force_spinning_stop: '1',
        ...(strictProvider && { disable_cpu_ep_fallback: '1' }),
      },
    },
  }
}

function toFeeds(tensors: HostTensors): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toTensor(tensor)]))
}

function toTensor({ dtype, shape, data }: HostTensor): Tensor {
  return new Tensor(dtype, data as Float32Array, shape)
}

function fromTensor(tensor: Tensor): HostTensor {
  return { dtype: tensor.type as DType, shape: tensor.dims, data: tensor.data as HostArray }
}

/** What ONNX Runtime says, without the source line and the function it prints first. */
function lastSentence(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim()
  return text.replace(/^.*was false\. /, '')
}
