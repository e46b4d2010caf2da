/** Names that people give to splits. */
import type { Split } from '../../shared/domain/dataset'

const SPLIT_NAMES: Readonly<Record<string, Split>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
}

export function splitNamed(name: string): Split | null {
  return SPLIT_NAMES[name.trim().toLowerCase()] ?? null
}
