/** The `import` and `profile` tasks. */
import type { TaskResults, ImportTask, ProfileTask } from '../protocol'
import { openVersionFile } from '../../data/file/openVersion'
import { importDataset } from '../../data/importDataset'
import { profileRows } from '../../data/profile'
import type { TaskContext } from '../serve'

const PROGRESS_MS = 100

export async function importTask(task: ImportTask, context: TaskContext): Promise<TaskResults['import']> {
  let lastMs = -Infinity
  const { rows, rejected, sha256, sizeBytes, source, splitRule } = await importDataset(
    importSource(task.source),
    task.split,
    task.outputFile,
    {
      signal: context.signal,
      // Bytes read come with a total, rows written without: the rows are what people count.
      onProgress: (_, done, total) => {
        const nowMs = performance.now()
        if (total > 0 || nowMs - lastMs < PROGRESS_MS) return
        lastMs = nowMs
        context.progress(done, null, 'rows')
      },
    },
  )
  return { rows, rejected, sha256, sizeBytes, source, splitRule }
}

/** Absent splits are left out: `undefined` does not mean the same as nothing everywhere. */
function importSource(source: ImportTask['source']): ImportTask['source'] {
  if (source.kind !== 'splits') return source
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
    return await profileRows(file.meta.columns, file.iterate(), file.meta.rows, {
      signal: context.signal,
      onProgress: (done, total) => context.progress(done, total, 'rows'),
    })
  } finally {
    file.close()
  }
}
