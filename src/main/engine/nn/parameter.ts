/** Parameters as a model declares them: names as in Hugging Face files, shapes, first values. */
import type { GradientForm } from '../ir/graph'

export type Initializer =
  | {
      readonly kind: 'normal'
      readonly std: number
      /** A row set to zero: the padding token's. */ readonly zeroRow?: number
    }
  /** Uniform in −bound … bound. */
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }

export interface ParameterSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly initializer: Initializer
  /** `rows` for tables of which a step reads a few rows only. */
  readonly gradient: GradientForm
  /** Not trained, but counted along the way (running statistics); checkpoints keep it as they keep weights. */
  readonly isBuffer?: true
  /** A row that never gets a gradient (torch's padding_idx). */
  readonly paddingRow?: number
}

export function elements(spec: Pick<ParameterSpec, 'shape'>): number {
  return spec.shape.reduce((n, dim) => n * dim, 1)
}
