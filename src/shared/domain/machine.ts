/** What this machine can do: `tunesmith doctor`, and the provider choice in the window. */
import type { ProviderName } from './trainingArguments'

export interface ProviderStatus {
  name: ProviderName
  available: boolean
  /** Result of the one-step self-check; null until it ran. */
  checked: boolean | null
  /** One sentence: why it is offered, or why not. */
  reason: string
}

export interface MachineReport {
  versions: { app: string; node: string; electron: string | null; onnxruntime: string; sqlite: string }
  platform: string
  cores: number
  memoryBytes: number
  freeMemoryBytes: number
  freeDiskBytes: number
  home: string
  providers: ProviderStatus[]
  /** Rate of a bare MatMul on the cpu provider; null until measured. */
  matmulGflops: number | null
}
