/** Tasks that make a dataset version or read one whole. */
import type { DatasetVersion } from '../../shared/domain/dataset'
import type { Derivation } from '../../shared/domain/derivation'
import type { SourceSettings } from '../../shared/domain/sourceFormats'
import type { DatasetVersionId } from '../../shared/ids'
import type { SplitRule } from '../../shared/ipc/datasets'

export interface ImportTask {
  kind: 'import'
  source:
    | { kind: 'file'; path: string; settings?: SourceSettings }
    | { kind: 'splits'; train: string; validation?: string; test?: string }
    | { kind: 'text'; text: string; settings?: SourceSettings }
    | { kind: 'sample'; name: 'semantic-fields' }
  split: SplitRule | null
  /** Where the sealed dataset version file goes. */
  outputFile: string
}

export interface ProfileTask {
  kind: 'profile'
  datasetFile: string
}

/** A version from another: rows removed or cells changed. */
export interface DeriveTask {
  kind: 'derive'
  datasetFile: string
  version: DatasetVersionId
  recipe: Derivation
  outputFile: string
}

/** Some of the training rows, drawn by a seed; the other splits stay. */
export interface DrawRowsTask {
  kind: 'draw-rows'
  datasetFile: string
  rows: number
  seed: number
  outputFile: string
}

/** What is known of a version file that was just sealed. */
export type MadeVersion = Pick<
  DatasetVersion,
  'rows' | 'rejected' | 'sha256' | 'sizeBytes' | 'source' | 'splitRule'
>
