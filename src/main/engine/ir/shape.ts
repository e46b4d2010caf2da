/**
 * Shapes: a dimension is a number or a named symbol; only forward graphs may hold symbols.
 * Letters used all over the engine: B rows of a batch, T tokens, H hidden width, A attention heads,
 * D head width, I feed-forward width, V vocabulary, C classes, R = B·T, N any number of rows.
 */

export type Dim = number | string
export type Shape = readonly Dim[]

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i])
}

export function isStatic(shape: Shape): shape is readonly number[] {
  return shape.every((dim) => typeof dim === 'number')
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`
}

/** Number of elements. @throws where a dimension is a symbol. */
export function sizeOf(shape: Shape): number {
  return staticShape(shape).reduce((a, b) => a * b, 1)
}

/** The shape as numbers. @throws where a dimension is a symbol. */
export function staticShape(shape: Shape): readonly number[] {
  if (!isStatic(shape)) throw new ShapeError(`a static shape is needed, not ${formatShape(shape)}`)
  return shape
}

/** A dimension that must be a number (a width, a class count). @throws where it is a symbol. */
export function staticDim(shape: Shape, axis: number): number {
  const dim = shape.at(axis)
  if (typeof dim !== 'number')
    throw new ShapeError(`axis ${axis} of ${formatShape(shape)} must be a number, not a symbol`)
  return dim
}

/** ONNX multidirectional broadcasting; a symbol equals only itself and stretches 1. */
export function broadcastShapes(...shapes: Shape[]): Shape {
  const rank = Math.max(0, ...shapes.map((s) => s.length))
  return Array.from({ length: rank }, (_, i) => {
    let result: Dim = 1
    for (const shape of shapes) {
      const dim = shape[i - rank + shape.length] ?? 1
      if (dim === 1 || dim === result) continue
      if (result !== 1)
        throw new ShapeError(`shapes ${shapes.map(formatShape).join(' and ')} do not broadcast`)
      result = dim
    }
    return result
  })
}

/** Axis in 0..rank-1 from one that may count from the end. */
export function normalizeAxis(axis: number, rank: number): number {
  const a = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(a) || a < 0 || a >= rank)
    throw new ShapeError(`axis ${axis} is outside a tensor of rank ${rank}`)
  return a
}

/** Whether two shapes hold the same number of elements, symbols taken as unknown factors. */
export function sameSize(a: Shape, b: Shape): boolean {
  const factors = (shape: Shape) => ({
    number: shape.reduce<number>((n, d) => (typeof d === 'number' ? n * d : n), 1),
    symbols: shape
      .filter((d) => typeof d === 'string')
      .sort()
      .join('*'),
  })
  const [fa, fb] = [factors(a), factors(b)]
  return fa.number === fb.number && fa.symbols === fb.symbols
}

/** A shape rule said no. The graph adds op, inputs and module path to the message. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
}
