/** The `pair-answers` task: are runs better than the first on the rows that both were asked? */
import { breathe } from '../../../shared/breathe'
import { ExamplesFile } from '../../data/examples/openExamples'
import { measurePairs, pairRows } from '../examples/measurePairs'
import type { PairAnswersTask, PairedAnswers, TaskResults } from '../protocol'
import type { TaskContext } from '../serve'

export async function pairAnswersTask(
  { first, others }: PairAnswersTask,
  { signal }: TaskContext,
): Promise<TaskResults['pair-answers']> {
  const reference = read(first)
  const { problem } = reference.meta
  const pairs: PairedAnswers[] = []
  for (const path of others) {
    await breathe(signal)
    const other = read(path)
    const isSameProblem = problem === other.meta.problem
    const shared = isSameProblem ? pairRows(problem, reference.rows, other.rows) : []
    const labels = [...new Set([...reference.meta.labels, ...other.meta.labels])]
    pairs.push({
      measured: measurePairs(problem, shared, labels),
      shared: shared.length,
      firstRows: reference.rows.length,
      secondRows: other.rows.length,
    })
  }
  return { pairs }
}

function read(path: string) {
  const file = ExamplesFile.open(path, null, {})
  try {
    return { meta: file.meta, rows: [...file.answered()] }
  } finally {
    file.close()
  }
}
