/** Every migration, oldest first. A released one never changes; a new one is appended. */
import type { Migration } from '../migrate'
import { first } from './0010-first'
import { tokenizers } from './0020-tokenizers'
import { knowledge } from './0030-knowledge'
import { studies } from './0040-studies'
import { runTable } from './0050-run-table'
import { configKeys } from './0060-config-key'
import { network } from './0070-network'

export const migrations: readonly Migration[] = [
  first,
  tokenizers,
  knowledge,
  studies,
  runTable,
  configKeys,
  network,
]
