/** The `import`, `profile` and `derive` tasks. */
import type { DeriveTask, ImportTask, MadeVersion, ProfileTask } from '../datasetTasks'
import type { TaskResults } from '../protocol'
import { openVersionFile } from '../../data/file/openVersion'
import { deriveVersion } from '../../data/derive'
import { importDataset } from '../../data/importDataset'
import { comparedColumns, leakReport } from '../../data/overlap/leaks'
import { profileRows } from '../../data/profile'
import type { TaskContext } from '../serve'

const PROGRESS_MS = 100

export async function importTask(task: ImportTask, context: TaskContext): Promise<TaskResults['import']> {
  let lastMs = -Infinity
  let share = 0
  const made = await importDataset(importSource(task.source), task.split, task.outputFile, {
    signal: context.signal,
    // Rows are what people count; how many there will be follows from the share of the file that was read.
    onProgress: (_, done, total) => {
      if (total > 0) share = done / total
      const nowMs = performance.now()
      if (total > 0 || nowMs - lastMs < PROGRESS_MS) return
      lastMs = nowMs
      context.progress(
        done,
        share > 0 ? Math.max(done, Math.round(Number((done / share).toPrecision(2)))) : null,
        'rows',
      )
    },
  })
  return madeVersion(made)
}

/** Absent splits are left out: `undefined` does not mean the same as nothing everywhere. */
function importSource(source: ImportTask['source']): ImportTask['source'] {
  if (source.kind === 'sample') return source
  if (source.kind !== 'splits') {
    const { settings, ...plain } = source
    return settings ? { ...plain, settings } : plain
  }
  const { validation, test } = source
  return {
    kind: 'splits',
    train: source.train,
    ...(validation !== undefined && { validation }),
    ...(test !== undefined && { test }),
  }
}

export async function profileTask(task: ProfileTask, context: TaskContext): Promise<TaskResults['profile']> {
  const file = openVersionFile(task.datasetFile)
  try {
    const { signal } = context
    const profile = await profileRows(file.meta.columns, file.iterate(), file.meta.rows, {
      signal,
      onProgress: (done, total) => context.progress(done, total, 'rows profiled'),
    })
    const columns = comparedColumns(profile.columns)
    if (columns.length === 0) return profile
    const leaks = await leakReport(file, columns, {
      signal,
      onProgress: (done, total) => context.progress(done, total, 'rows compared'),
    })
    return { ...profile, leaks }
  } finally {
    file.close()
  }
}

export async function deriveTask(task: DeriveTask, context: TaskContext): Promise<TaskResults['derive']> {
  const file = openVersionFile(task.datasetFile)
  try {
    const made = await deriveVersion(file, task, {
      signal: context.signal,
      onProgress: (done, total) => context.progress(done, total, 'rows'),
    })
    return madeVersion(made)
  } finally {
    file.close()
  }
}

/** What is told of it; what else is known stays here. */
function madeVersion({ rows, rejected, sha256, sizeBytes, source, splitRule }: MadeVersion): MadeVersion {
  return { rows, rejected, sha256, sizeBytes, source, splitRule }
}
