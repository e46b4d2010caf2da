/** Kept answers as the prediction they were. */
import type { CellValue } from '../../../shared/domain/dataset'
import type { KeptAnswer } from '../../../shared/domain/examples'
import type { Answer, AskedRow, Prediction } from '../../../shared/domain/run'
import type { Problem } from '../../../shared/domain/tasks'

interface AnsweredFile {
  problem: Problem
  labels: readonly string[]
  /** Float32, one a label. */
  scores: Buffer | null
  answers: readonly KeptAnswer[]
}

interface KeptPrediction extends AnsweredFile {
  /** By role; all null where the dataset was deleted. */
  cells: Record<'text' | 'pair' | 'tokens', CellValue>
  asked: string | null
}

export function predictionOf(kept: KeptPrediction): Prediction {
  const { cells, asked } = kept
  const tokens = Array.isArray(cells.tokens) ? cells.tokens.map(String) : null
  const row: AskedRow = {
    text: asked ?? tokens?.join(' ') ?? (cells.text === null ? '' : String(cells.text)),
    ...(cells.pair !== null && { text_pair: String(cells.pair) }),
    ...(tokens && { tokens }),
  }
  return { ...row, ...answerOf(kept, tokens) }
}

/** @param tokens of the row, where they are known */
export function answerOf(
  { problem, labels, scores, answers }: AnsweredFile,
  tokens: readonly string[] | null,
): Answer & Pick<AskedRow, 'reference'> {
  const [first] = answers
  const told = { scores: scores ? scoresOf(scores, labels) : {} }
  const names = (side: 'label' | 'predicted') =>
    answers.flatMap((answer) => (answer[side] === null ? [] : [String(answer[side])]))
  switch (problem) {
    case 'single-label':
      return { label: String(first?.predicted), reference: String(first?.label), ...told }
    case 'multi-label':
      return { labels: names('predicted'), reference: names('label'), ...told }
    case 'regression':
      return { value: Number(first?.predicted), reference: Number(first?.label) }
    case 'token-classification': {
      const count = Math.max(tokens?.length ?? 0, ...answers.map(({ place }) => place + 1))
      const at = (side: 'label' | 'predicted') => {
        const tags = new Array<string | null>(count).fill(null)
        for (const answer of answers) tags[answer.place] = String(answer[side])
        return tags
      }
      return { tags: at('predicted'), reference: at('label').map((tag) => tag ?? '') }
    }
    case 'masked-lm':
      return {
        fills: answers.map(({ predicted, confidence }) => [
          { token: String(predicted), score: confidence ?? 0 },
        ]),
        filled: '',
        reference: names('label'),
      }
  }
}

function scoresOf(buffer: Buffer, labels: readonly string[]): Record<string, number> {
  return Object.fromEntries(labels.map((label, i) => [label, buffer.readFloatLE(4 * i)]))
}
