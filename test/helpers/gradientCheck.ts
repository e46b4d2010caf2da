/**
 * Gradients of a small graph against central differences: the graph runs in float32 on the cpu provider, sums
 * are taken in float64 here, and a Richardson step removes the h² error.
 */
import { backward } from '../../src/main/engine/autodiff/backward'
import type { HostArray } from '../../src/main/engine/ir/dtype'
import { hostArray } from '../../src/main/engine/ir/dtype'
import { type GradientForm, Graph, type Value } from '../../src/main/engine/ir/graph'
import { sizeOf, staticShape } from '../../src/main/engine/ir/shape'
import { verifyGraph } from '../../src/main/engine/ir/verify'
import { add, mul, reduceSum, scatterAdd } from '../../src/main/engine/ops'
import { type HostTensor, Session, type SessionOptions } from '../../src/main/engine/runtime/session'

/** A repeatable source of numbers in [low, high). */
export function numberSource(seed: number): (low: number, high: number) => number {
  let state = seed >>> 0
  return (low, high) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return low + ((high - low) * state) / 2 ** 32
  }
}

/** What a case builds with: parameters drawn from a range, and given data. */
export class CaseBuilder {
  readonly graph = new Graph()
  readonly tensors: Record<string, HostTensor> = {}
  readonly #draw: (low: number, high: number) => number

  constructor(seed: number) {
    this.#draw = numberSource(seed)
  }

  /** A parameter with |element| in [low, high); signs alternate at random unless `positive`. */
  param(
    shape: readonly number[],
    options: { low?: number; high?: number; positive?: boolean; gradient?: GradientForm } = {},
  ): Value {
    const { low = 0.2, high = 1.2, positive = false, gradient = 'dense' } = options
    const name = `p${Object.keys(this.tensors).length}`
    const data = Float32Array.from({ length: sizeOf(shape) }, () => {
      const x = this.#draw(low, high)
      return positive || this.#draw(0, 1) < 0.5 ? x : -x
    })
    this.tensors[name] = { dtype: 'float32', shape, data }
    return this.graph.param(name, shape, { gradient })
  }

  /** Data the loss is not differentiated by. */
  feed(
    dtype: 'float32' | 'int32' | 'int64' | 'bool',
    shape: readonly number[],
    numbers: readonly number[],
  ): Value {
    const name = `f${Object.keys(this.tensors).length}`
    this.tensors[name] = { dtype, shape, data: hostArray(dtype, numbers) }
    return this.graph.feed(name, dtype, shape)
  }

  /** A random bool mask. */
  mask(shape: readonly number[]): Value {
    return this.feed(
      'bool',
      shape,
      Array.from({ length: sizeOf(shape) }, () => (this.#draw(0, 1) < 0.6 ? 1 : 0)),
    )
  }

  draw(low: number, high: number): number {
    return this.#draw(low, high)
  }
}

export interface GradientComparison {
  readonly param: string
  readonly analytic: number[]
  readonly numeric: number[]
}

/** Differentiates Σ random·outputs of what `build` returns, both ways. */
export async function compareGradients(
  build: (b: CaseBuilder) => Value | readonly Value[],
  options: SessionOptions & { step?: number; seed?: number } = {},
): Promise<GradientComparison[]> {
  const b = new CaseBuilder(options.seed ?? 7)
  const built = build(b)
  const outputs = Array.isArray(built) ? (built as readonly Value[]) : [built as Value]
  const { graph, tensors } = b
  let loss: Value | undefined
  const weights = outputs.map((y, i) => {
    const numbers = Array.from({ length: sizeOf(y.shape) }, () => b.draw(-1, 1))
    const w = b.feed('float32', staticShape(y.shape), numbers)
    const sum = reduceSum(mul(y, w))
    loss = loss ? add(loss, sum) : sum
    graph.output(`y${i}`, y)
    return Float32Array.from(numbers)
  })
  const gradients = addGradients(graph, loss!)
  verifyGraph(graph)
  const session = await Session.create(graph, { numThreads: 1, ...options })
  try {
    const value = async () => {
      const results = await session.evaluate(
        tensors,
        outputs.map((_, i) => `y${i}`),
      )
      return weights.reduce((sum, w, i) => sum + dot(w, results[`y${i}`]!.data as Float32Array), 0)
    }
    const analytic = await session.evaluate(
      tensors,
      gradients.map((name) => `grad.${name}`),
    )
    const comparisons: GradientComparison[] = []
    for (const name of gradients) {
      const data = tensors[name]!.data as Float32Array
      comparisons.push({
        param: name,
        analytic: Array.from(analytic[`grad.${name}`]!.data as Float32Array),
        numeric: await numericGradient(data, value, options.step ?? 0.02),
      })
    }
    return comparisons
  } finally {
    await session.release()
  }
}

function addGradients(graph: Graph, loss: Value): string[] {
  const { dense, rows } = backward(loss)
  const sums = new Map(dense)
  for (const { param, rows: g, at } of rows) {
    if (!('ids' in at)) throw new Error('slices of row parameters are tested apart')
    const whole = scatterAdd(g, at.ids, 0, staticShape(param.value.shape))
    const other = sums.get(param.name)
    sums.set(param.name, other ? add(other, whole) : whole)
  }
  for (const [name, gradient] of sums) graph.output(`grad.${name}`, gradient)
  return [...sums.keys()]
}

async function numericGradient(x: HostArray, value: () => Promise<number>, h: number): Promise<number[]> {
  const data = x as Float32Array
  const difference = async (i: number, step: number) => {
    const kept = data[i]!
    const [up, down] = [Math.fround(kept + step), Math.fround(kept - step)]
    data[i] = up
    const above = await value()
    data[i] = down
    const below = await value()
    data[i] = kept
    return (above - below) / (up - down)
  }
  const numeric: number[] = []
  for (let i = 0; i < data.length; i++)
    numeric.push((4 * (await difference(i, h / 2)) - (await difference(i, h))) / 3)
  return numeric
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0)
}
