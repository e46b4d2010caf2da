/** First values, as Transformers draws them: normal weights, zero biases, norms of one, a zero padding row. */
import { nameKey, PURPOSE, RandomStream } from '../random/stream'
import type { ParameterSpec } from './parameter'

/** A pure function of the seed and the parameter's name: adding a parameter changes no other. */
export function initialize(spec: ParameterSpec, target: Float32Array, seed: number): void {
  const { initializer } = spec
  if (initializer.kind === 'zeros' || initializer.kind === 'ones') {
    target.fill(initializer.kind === 'ones' ? 1 : 0)
    return
  }
  const random = new RandomStream(seed, PURPOSE.weights, nameKey(spec.name))
  if (initializer.kind === 'uniform') {
    for (let i = 0; i < target.length; i++) target[i] = (2 * random.uniform() - 1) * initializer.bound
    return
  }
  for (let i = 0; i < target.length; i += 2) {
    const [a, b] = random.normalPair()
    target[i] = a * initializer.std
    if (i + 1 < target.length) target[i + 1] = b * initializer.std
  }
  if (initializer.zeroRow !== undefined) {
    const width = spec.shape.at(-1)!
    target.fill(0, initializer.zeroRow * width, (initializer.zeroRow + 1) * width)
  }
}
