/** A trained classifier or tagger as gates ask it. */
import { DEFAULT_ARGUMENTS } from '../../../shared/domain/runConfig'
import { UserError } from '../../../shared/errors'
import type { Classifier, LabelledText } from '../../augment/models'
import type { RowToAsk } from '../protocol'
import { encodeFor, loadModel, logitsOf } from '../tasks/loadedModel'

/** @throws UserError where the folder is no trained classifier of one class a row, and no tagger */
export async function openClassifier(dir: string, signal: AbortSignal): Promise<Classifier> {
  const model = await loadModel({ modelDir: dir, numThreads: null })
  const { problem, tokenizer, opened } = model
  if (problem.id !== 'single-label' && problem.id !== 'token-classification')
    throw new UserError('bad-config', `This model does ${problem.id}: it gives no one label to compare.`, {
      where: { file: dir },
      hint: 'Take a classifier of one label a row, or a tagger for rows with tags.',
    })
  const known = { labels: opened.labels, tokenizer, settings: DEFAULT_ARGUMENTS }
  return {
    labels: opened.labels,
    async agrees(asked) {
      const rows = asked.map(rowOf)
      const encoded = await encodeFor(model, rows, problem.needsWords(DEFAULT_ARGUMENTS), signal)
      const questions = problem.ask(encoded, known)
      const logits = await logitsOf(model, questions, { signal, progress: () => undefined })
      const answers = problem.describe(rows, encoded, questions, logits, known)
      return answers.map((answer, i) => {
        const row = asked[i]!
        if ('tags' in row) return 'tags' in answer && row.tags.join('\n') === answer.tags.join('\n')
        return 'label' in answer && answer.label === row.label
      })
    },
  }
}

function rowOf(row: LabelledText): RowToAsk {
  if ('tokens' in row) return { text: row.tokens.join(' '), tokens: [...row.tokens] }
  const [text = '', pair] = row.texts
  return { text, ...(pair !== undefined && { text_pair: pair }) }
}
