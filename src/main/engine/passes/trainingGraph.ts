/** Forward graph → training graph: passes, backward pass, passes again, outputs named. */
import { addTo } from '../autodiff/accumulate'
import { backward, type RowIndices } from '../autodiff/backward'
import { type Graph, GraphError, type GraphInput, type Value } from '../ir/graph'
import { isChecking, verifyGraph } from '../ir/verify'
import { staticShape } from '../ir/shape'
import { shareCommonSubexpressions } from './cse'
import { removeDeadCode } from './dce'
import { foldAlgebra } from './fold'
import { pushGather } from './pushGather'
import { shrinkMasks } from './shrinkMasks'
import { printGraph } from '../ir/print'
import { foldScales, splitGelu } from './scales'

export interface TrainingOptions {
  /** Name of the scalar output to differentiate; default `loss`. */
  loss?: string
  /** Adds an input `sum.<param>` to each dense gradient: what micro-batches before gave. */
  accumulate?: boolean
  /** Parameters to differentiate; default all. */
  isTrained?: (name: string) => boolean
}

export interface GradientOutput {
  readonly param: string
  readonly output: string
  readonly shape: readonly number[]
}

export interface RowGradientOutput extends GradientOutput {
  /** The feed that holds the row of each gradient row, or consecutive rows. */
  readonly at: { readonly ids: string } | { readonly start: number; readonly end: number }
}

export interface TrainingGraph {
  readonly graph: Graph
  readonly gradients: readonly GradientOutput[]
  readonly rowGradients: readonly RowGradientOutput[]
}

/** A pass: a graph in, another out. */
export type Pass = (graph: Graph) => Graph

/** Runs passes in order, each verified after where checks are on. */
export function runPasses(graph: Graph, passes: readonly Pass[]): Graph {
  let current = graph
  for (const pass of passes) {
    current = pass(current)
    if (isChecking()) verifyGraph(current)
  }
  return current
}

/** `pushGather` until nothing moves: a row selection passes a value with two readers once both have been passed. */
function selectRows(graph: Graph): Graph {
  let current = graph
  for (let text = printGraph(graph); ;) {
    current = runPasses(current, [pushGather, shareCommonSubexpressions, foldAlgebra, removeDeadCode])
    const now = printGraph(current)
    if (now === text) return current
    text = now
  }
}

/** The passes for graphs that are only run forward (evaluation, export). */
export function inferenceGraph(forward: Graph): Graph {
  const tidy = [foldAlgebra, shareCommonSubexpressions, removeDeadCode]
  return runPasses(forward, [...tidy, selectRows, shrinkMasks, ...tidy])
}

/**
 * Differentiates the loss of a forward graph with respect to every trained parameter it reaches; nothing below the
 * lowest of them is differentiated.
 */
export function trainingGraph(forward: Graph, options: TrainingOptions = {}): TrainingGraph {
  const graph = runPasses(inferenceGraph(forward), [splitGelu, foldScales, removeDeadCode])
  const { isTrained = () => true } = options
  const wrt = graph.params().filter((param) => param.trainable && isTrained(param.name))
  const { dense, rows } = backward(graph.outputValue(options.loss ?? 'loss'), { wrt })
  const named = new Map<Value, string>()
  const name = (value: Value, wanted: string): string => {
    const known = named.get(value)
    if (known !== undefined) return known
    named.set(value, wanted)
    graph.output(wanted, value)
    return wanted
  }
  const gradients = [...dense].map(([param, value]) => {
    const sum = options.accumulate ? accumulated(graph, param, value) : value
    return { param, output: name(sum, `grad.${param}`), shape: staticShape(value.shape) }
  })
  const rowGradients = rows.map(({ param, rows: value, at }, i) => ({
    param: param.name,
    output: name(value, `rows.${i}.${param.name}`),
    shape: staticShape(value.shape),
    at: feedOf(graph, param, at),
  }))
  return {
    graph: runPasses(graph, [foldAlgebra, shareCommonSubexpressions, removeDeadCode]),
    gradients,
    rowGradients,
  }
}

function accumulated(graph: Graph, param: string, gradient: Value): Value {
  return addTo(graph.input(`sum.${param}`, 'accumulator', 'float32', gradient.shape), gradient)
}

function feedOf(graph: Graph, param: GraphInput, at: RowIndices): RowGradientOutput['at'] {
  if ('start' in at) return at
  for (const input of graph.inputs.values()) if (input.value === at.ids) return { ids: input.name }
  throw new GraphError(`the rows of ${param.name} must be read at ids that are fed`)
}
