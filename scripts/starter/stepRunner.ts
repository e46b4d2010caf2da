/** Loss and gradients of one batch: a session for each shape, all over the same parameter memory. */
import { trainingGraph } from '../../src/main/engine/passes/trainingGraph'
import { type Binding, type HostTensor, Session } from '../../src/main/engine/runtime/session'
import type { Parameters } from '../../src/main/engine/train/parameters'
import type { RandomStream } from '../../src/main/engine/random/stream'
import type { Pointer } from '../../src/main/engine/kernels/memory'
import type { Tokenizer } from '../../src/main/engine/tokenize/tokenizer'
import { type Batch, type Feeds, fillFeeds } from './batches'
import { DECODER, PARTNERS, type StarterModel, type StepShape } from './model'

interface RowAdd {
  param: string
  rows: Pointer
  count: number
  width: number
  ids: Pointer | { start: number }
}

interface ShapeRun {
  binding: Binding
  feeds: Feeds
  losses: Record<string, Float32Array>
  adds: RowAdd[]
}

export class StepRunner {
  readonly #runs = new Map<string, ShapeRun>()

  constructor(
    readonly model: StarterModel,
    readonly parameters: Parameters,
    readonly tokenizer: Tokenizer,
    readonly numThreads: number,
  ) {}

  /** Leaves the gradients of the batch in the parameters' gradient memory. */
  async run(batch: Batch, random: RandomStream): Promise<Record<string, number>> {
    const key = Object.values(batch.shape).join()
    let run = this.#runs.get(key)
    if (!run) this.#runs.set(key, (run = await this.#create(batch.shape)))
    fillFeeds(batch, run.feeds, this.tokenizer, random)
    this.parameters.zeroGradients()
    await run.binding.run()
    for (const { param, rows, count, width, ids } of run.adds) {
      const { gradientAt, arena, spec } = this.parameters.get(param)
      if (typeof ids === 'number')
        arena.kernels.addRows(gradientAt!, rows, ids, count, width, spec.paddingRow ?? -1)
      else arena.kernels.add(gradientAt! + ids.start * width * 4, rows, count * width)
    }
    return Object.fromEntries(Object.entries(run.losses).map(([name, value]) => [name, value[0]!]))
  }

  async #create(shape: StepShape): Promise<ShapeRun> {
    const { rows, length, picks } = shape
    const { parameters } = this
    const arena = parameters.get(this.model.wordTable).arena
    const idsAt = new Map<string, Pointer>()
    const ids = (name: string, size: number) => {
      const at = arena.allocate(size * 4)
      idsAt.set(name, at)
      return arena.int32(at, size)
    }
    const feeds: Feeds = {
      input_ids: ids('input_ids', rows * length),
      attention_bias: new Float32Array(rows * length),
      text_weights: new Float32Array(rows * length),
      picked: new Int32Array(picks),
      labels: new Int32Array(picks),
      row_weights: new Float32Array(picks),
      partners: PARTNERS.map(({ name, tokens }) => ({
        ids: ids(`${name}_ids`, rows * tokens),
        weights: new Float32Array(rows * tokens),
        bias: new Float32Array(rows * rows),
        rows: new Float32Array(rows),
      })),
    }
    const { partners, ...arrays } = feeds
    const all: Record<string, Int32Array | Float32Array> = { ...arrays }
    PARTNERS.forEach(({ name }, i) => {
      for (const [part, data] of Object.entries(partners[i]!)) all[`${name}_${part}`] = data as Float32Array
      all[`${name}_labels`] = Int32Array.from({ length: rows }, (_, row) => row)
    })
    const { graph, gradients, rowGradients } = trainingGraph(this.model.stepGraph(shape))
    const tableOf = (name: string) => (name === DECODER ? this.model.wordTable : name)
    const inputs: Record<string, HostTensor> = {}
    for (const { name, role, value } of graph.inputs.values()) {
      const data = role === 'param' ? parameters.get(tableOf(name)).values : all[name]!
      inputs[name] = { dtype: value.dtype, shape: value.shape as number[], data }
    }
    const losses: Record<string, Float32Array> = {}
    const outputs: Record<string, HostTensor> = {}
    for (const name of graph.outputs.keys())
      if (name.endsWith('_loss'))
        outputs[name] = { dtype: 'float32', shape: [], data: (losses[name] = new Float32Array(1)) }
    for (const { param, output, shape: dims } of gradients)
      outputs[output] = { dtype: 'float32', shape: dims, data: parameters.gradient(tableOf(param)) }
    const places = new Map<string, Pointer>()
    const adds: RowAdd[] = []
    for (const { param, output, shape: dims, at } of rowGradients) {
      const size = dims.reduce((n, d) => n * d, 1)
      const rowsAt = places.get(output) ?? arena.allocate(size * 4)
      places.set(output, rowsAt)
      outputs[output] = { dtype: 'float32', shape: dims, data: arena.float32(rowsAt, size) }
      const width = dims.at(-1)!
      const from = 'start' in at ? { start: at.start } : idsAt.get(at.ids)!
      adds.push({ param, rows: rowsAt, count: size / width, width, ids: from })
    }
    const session = await Session.create(graph, { numThreads: this.numThreads })
    return { binding: session.bind(inputs, outputs), feeds, losses, adds }
  }
}
