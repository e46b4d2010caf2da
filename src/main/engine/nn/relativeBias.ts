/** Relative position bias (Raffel et al. 2020, T5): a learned number a head and bucket of distance. */
import { hostArray } from '../ir/dtype'
import type { Value } from '../ir/graph'
import { constant, scalar } from '../ops/constant'
import { add } from '../ops/elementwise'
import { gather, transpose } from '../ops/movement'
import { relativePositions } from '../ops/relative'
import type { Forward, Layer } from './layer'
import type { ParameterSpec } from './parameter'

export interface RelativeBiasSettings {
  heads: number
  buckets: number
  /** Distances from here on share a bucket. */
  maxDistance: number
  /** Half of the buckets for keys that follow; else those share the bucket of distance 0. */
  bidirectional: boolean
  std: number
}

export class RelativeBias implements Layer {
  readonly parameters: readonly [ParameterSpec]

  constructor(
    name: string,
    readonly settings: RelativeBiasSettings,
  ) {
    this.parameters = [
      {
        name: `${name}.weight`,
        shape: [settings.buckets, settings.heads],
        initializer: { kind: 'normal', std: settings.std },
        gradient: 'dense',
      },
    ]
  }

  /** Bias for the scores of q [..,Q,D] and k [..,T,D]: [A,Q,T]. */
  apply({ graph }: Forward, q: Value, k: Value): Value {
    const { maxDistance } = this.settings
    const [{ name, shape }] = this.parameters
    const relative = relativePositions(q, k, maxDistance)
    const distances = Array.from({ length: 2 * maxDistance + 1 }, (_, i) => i - maxDistance)
    const buckets = hostArray(
      'int32',
      distances.map((distance) => bucketOf(distance, this.settings)),
    )
    const table = constant(graph, 'int32', [buckets.length], buckets)
    const bucket = gather(table, add(relative, scalar(graph, maxDistance, 'int32')))
    return transpose(gather(graph.param(name, shape), bucket), [2, 0, 1])
  }
}

/** Bucket of a key's position less the query's: exact when near, logarithmic further off, in float32 as T5 computes it. */
function bucketOf(
  relative: number,
  {
    buckets,
    maxDistance,
    bidirectional,
  }: Pick<RelativeBiasSettings, 'buckets' | 'maxDistance' | 'bidirectional'>,
): number {
  const count = bidirectional ? Math.floor(buckets / 2) : buckets
  const offset = bidirectional && relative > 0 ? count : 0
  const distance = bidirectional ? Math.abs(relative) : Math.max(0, -relative)
  const exact = Math.floor(count / 2)
  if (distance < exact) return offset + distance
  const share = Math.fround(Math.fround(Math.log(distance / exact)) / Math.log(maxDistance / exact))
  const far = exact + Math.trunc(Math.fround(share * (count - exact)))
  return offset + Math.min(far, count - 1)
}
