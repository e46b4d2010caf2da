/** Which worker does what. */
import type { TaskKind, WorkerEntry } from './protocol'

/** Which process runs a task. A worker does one task at a time. */
export const ENTRY_OF: Record<TaskKind, WorkerEntry> = {
  run: 'engine',
  predict: 'engine',
  evaluate: 'engine',
  estimate: 'engine',
  'lr-find': 'engine',
  'check-provider': 'engine',
  'gemm-rate': 'engine',
  import: 'jobs',
  profile: 'jobs',
  derive: 'jobs',
  'draw-rows': 'jobs',
  augment: 'jobs',
  'augment-file': 'jobs',
  'augment-preview': 'jobs',
  export: 'jobs',
  'script-files': 'jobs',
  verify: 'jobs',
  'pair-answers': 'jobs',
  inspect: 'jobs',
  suggest: 'jobs',
  importance: 'jobs',
  'open-tokenizer': 'jobs',
  'train-tokenizer': 'jobs',
  tokenize: 'jobs',
  'tokenizer-statistics': 'jobs',
  demonstrate: 'jobs',
}
