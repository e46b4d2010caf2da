/** A case builds one operator's outputs from parameters; 'none' for operators without a derivative. */
import type { Value } from '../../../../../src/main/engine/ir/graph'
import type { CaseBuilder } from '../../../../helpers/gradientCheck'

export type Build = (b: CaseBuilder) => Value | readonly Value[]
export type Cases = Record<string, Record<string, Build>>

/** Pairs of shapes that meet every kind of broadcast. */
export const BROADCASTS: Record<string, readonly [number[], number[]]> = {
  same: [
    [2, 3],
    [2, 3],
  ],
  'scalar right': [[2, 3], []],
  'scalar left': [[], [2, 3]],
  'trailing right': [[4, 2, 3], [3]],
  'trailing left': [[3], [2, 3]],
  'leading right': [
    [2, 3],
    [2, 1],
  ],
  'leading left': [
    [2, 1],
    [2, 3],
  ],
  mixed: [
    [2, 1, 3],
    [4, 1],
  ],
  'one element': [[1], [1, 1]],
}
export const SHAPES: Record<string, number[]> = { scalar: [], vector: [5], matrix: [2, 3], cube: [2, 3, 2] }

/** One case a broadcast. */
export function binary(f: (a: Value, b: Value) => Value, range = {}): Record<string, Build> {
  return Object.fromEntries(
    Object.entries(BROADCASTS).map(([name, [a, c]]) => [
      name,
      (b: CaseBuilder) => f(b.param(a, range), b.param(c, range)),
    ]),
  )
}

/** One case a shape. */
export function unary(f: (x: Value) => Value, range = {}): Record<string, Build> {
  return Object.fromEntries(
    Object.entries(SHAPES).map(([name, shape]) => [name, (b: CaseBuilder) => f(b.param(shape, range))]),
  )
}
