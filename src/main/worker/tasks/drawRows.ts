/** The `draw-rows` task: a dataset version with some of the training rows of another, to see what few rows give. */
import { openVersionFile } from '../../data/file/openVersion'
import { writeVersionFile } from '../../data/file/writeVersion'
import type { NewRow } from '../../data/file/schema'
import { shuffle } from '../../data/random'
import { seededRandom } from '../../../shared/seededRandom'
import type { DrawRowsTask } from '../datasetTasks'
import type { TaskResults } from '../protocol'
import type { TaskContext } from '../serve'

/** Those drawn keep their order; rows of other splits all stay. */
export async function drawRowsTask(
  task: DrawRowsTask,
  context: TaskContext,
): Promise<TaskResults['draw-rows']> {
  const file = openVersionFile(task.datasetFile)
  try {
    const places = Array.from({ length: file.meta.rows.train }, (_, i) => i)
    const drawn = new Set(shuffle(places, seededRandom(task.seed)).slice(0, task.rows))
    function* rows(): Generator<NewRow> {
      let place = 0
      for (const { cells, sourceRow, split } of file.iterate())
        if (split !== 'train' || drawn.has(place++)) yield { cells: { ...cells }, sourceRow, split }
    }
    const { source, splitRule } = file.meta
    const version = { source, splitRule, rejected: () => ({ kept: [], count: 0 }), deal: null }
    const written = await writeVersionFile(task.outputFile, rows(), version, { signal: context.signal })
    return { rows: written.rows }
  } finally {
    file.close()
  }
}
