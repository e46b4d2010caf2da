/** The execution providers the engine can use, and what each of them runs. */
import type { EmitTarget } from '../ir/operator'
import { CPU_TARGET, PLAIN_TARGET } from '../onnx/emit'

export const PROVIDER_NAMES = ['cpu', 'webgpu', 'dml', 'cuda', 'coreml'] as const
export type ProviderName = (typeof PROVIDER_NAMES)[number]

const TARGETS: Readonly<Record<ProviderName, EmitTarget>> = {
  cpu: CPU_TARGET,
  webgpu: { ...PLAIN_TARGET, fusedActivations: true, logSoftmax: false },
  dml: PLAIN_TARGET,
  cuda: { ...CPU_TARGET, transposeFirst: Infinity },
  coreml: PLAIN_TARGET,
}

export function providerTarget(provider: ProviderName): EmitTarget {
  return TARGETS[provider]
}
