/** Host arrays for every input and output of a graph, filled with what its role suggests. */
import type { Graph } from '../src/main/engine/ir/graph'
import { sizeOf, staticShape } from '../src/main/engine/ir/shape'
import type { HostTensor } from '../src/main/engine/runtime/session'

let state = 12345
function random(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32
}

export function inputsOf(graph: Graph, idsBelow: Record<string, number>): Record<string, HostTensor> {
  const tensors: Record<string, HostTensor> = {}
  for (const { name, role, value, dropProbability } of graph.inputs.values()) {
    const shape = staticShape(value.shape)
    const size = sizeOf(shape)
    if (value.dtype === 'bool')
      tensors[name] = {
        dtype: 'bool',
        shape,
        data: Uint8Array.from({ length: size }, () => (random() >= (dropProbability ?? 0) ? 1 : 0)),
      }
    else if (value.dtype === 'int32')
      tensors[name] = {
        dtype: 'int32',
        shape,
        data: Int32Array.from({ length: size }, () => Math.floor(random() * (idsBelow[name] ?? 1))),
      }
    else {
      const ones = name.endsWith('LayerNorm.weight')
      const fill = (i: number) => (role === 'param' ? (ones ? 1 : (random() * 2 - 1) * 0.05) : i * 0)
      tensors[name] = {
        dtype: 'float32',
        shape,
        data: Float32Array.from({ length: size }, (_, i) => fill(i)),
      }
    }
  }
  const weights = tensors['row_weights']
  if (weights) (weights.data as Float32Array).fill(1 / weights.data.length)
  return tensors
}

export function outputsOf(graph: Graph): Record<string, HostTensor> {
  return Object.fromEntries(
    [...graph.outputs].map(([name, { shape }]) => [
      name,
      { dtype: 'float32' as const, shape: staticShape(shape), data: new Float32Array(sizeOf(shape)) },
    ]),
  )
}
