/** A tag for each token of a row, read at the first of the pieces the tokenizer cuts it into. */
import type { CellValue } from '../../../shared/domain/dataset'
import { UserError } from '../../../shared/errors'
import { mapLabels } from '../../engine/models/labels'
import type { EncodedRows } from '../../engine/tokenize/encodeRows'
import { answersOf, type AskedRows, type Places, rowCount } from '../../engine/train/rows'
import { accuracyOf, averageScores, confusionMatrix } from '../../metrics/confusion'
import { isEntityTag } from '../../metrics/tagging/entity'
import { seqevalReport } from '../../metrics/tagging/seqeval'
import { idOfLabel, labelIndex } from '../run/labels'
import { argMax, classSaid, logCounts, softmax } from './logits'
import type { CellPlace, LabelledSplit, Problem } from './problem'
import type { EvalMetrics } from '../../../shared/domain/run'
import type { SplitRows } from '../run/dataset'

/** Places are always there where tokens are asked about. */
type TokensAsked = AskedRows & { places: Places }

export const tokenClassification: Problem = {
  id: 'token-classification',
  hasOneClass: false,
  referenceRole: 'tags',
  needsWords: () => true,
  readReference: (cell, place) => tagList(cell, place),
  labelsOf(config, train, roles) {
    const { labels } = mapLabels(config, (train.references as string[][]).flat())
    if (labels.length > 1) return labels
    throw new UserError(
      'bad-input',
      labels.length === 0 ? 'There are no tagged training rows.' : `Every token has the tag ${labels[0]}.`,
      {
        where: { file: train.file, field: roles.tags! },
        hint: 'Check that the right column holds the tags.',
      },
    )
  },
  ask: askFirstPieces,
  label(encoded, split, roles, { labels }) {
    requireTagForEach(split, roles.tags!)
    const asked = askFirstPieces(encoded)
    const ids = labelIndex(labels)
    const tags = new Int32Array(asked.places.positions.length)
    eachAnswer(encoded, asked, (row, word, answer) => {
      const tag = (split.references[row] as string[])[word]!
      tags[answer] = idOfLabel(ids, tag, split, row, roles.tags!)
    })
    return { rows: { ...asked, labels: tags } }
  },
  newScorer(rows, { labels }) {
    const predicted = new Int32Array(rows.labels.length)
    return {
      add: (answer, logits) => (predicted[answer] = argMax(logits)),
      metrics: () => taggingMetrics(rows.labels, predicted, rows.places!, labels),
    }
  },
  keep({ encoded, rows }, row, answer, logits, { labels }) {
    const place = encoded.words![encoded.offsets[row]! + rows.places!.positions[answer]!]!
    return { said: [classSaid(softmax(logits), labels, rows.labels[answer]!, place)] }
  },
  describe(inputs, encoded, asked, logits, { labels }) {
    const tags = inputs.map(({ tokens }) => new Array<string | null>(tokens?.length ?? 0).fill(null))
    eachAnswer(encoded, asked as TokensAsked, (row, word, answer) => {
      const own = logits.subarray(answer * labels.length, (answer + 1) * labels.length)
      tags[row]![word] = labels[argMax(own)]!
    })
    return inputs.map((input, row) => ({ ...input, tags: tags[row]! }))
  },
  /** The tag each token had most often in training; of unseen ones the commonest. */
  baselines(train, held, { labels }) {
    const common = logCounts(train.rows.labels, labels.length)
    const seen = new Map<string, number[]>()
    eachToken(train, (token, answer) => {
      const tags = seen.get(token)
      if (tags) tags.push(train.rows.labels[answer]!)
      else seen.set(token, [train.rows.labels[answer]!])
    })
    const known = new Map([...seen].map(([token, tags]) => [token, logCounts(tags, labels.length)]))
    const tokens: string[] = []
    eachToken(held, (token, answer) => (tokens[answer] = token))
    return [{ name: 'commonest tag of a token', logitsOf: (answer) => known.get(tokens[answer]!) ?? common }]
  },
}

function askFirstPieces({ ids, offsets, typeIds, words }: EncodedRows): TokensAsked {
  const positions: number[] = []
  const answers = new Int32Array(offsets.length)
  for (let row = 0; row + 1 < offsets.length; row++) {
    const [start, end] = [offsets[row]!, offsets[row + 1]!]
    for (let at = start; at < end; at++)
      if (words![at] !== -1 && (at === start || words![at] !== words![at - 1])) positions.push(at - start)
    answers[row + 1] = positions.length
  }
  return { ids, offsets, typeIds, places: { positions: Int32Array.from(positions), offsets: answers } }
}

/** Calls back with the row, its token and the answer about it. */
function eachAnswer(
  { words, offsets }: EncodedRows,
  asked: TokensAsked,
  use: (row: number, word: number, answer: number) => void,
): void {
  for (let row = 0; row < rowCount(asked); row++) {
    const { from, to } = answersOf(asked, row)
    for (let answer = from; answer < to; answer++)
      use(row, words![offsets[row]! + asked.places.positions[answer]!]!, answer)
  }
}

function eachToken(
  { encoded, rows, split }: LabelledSplit,
  use: (token: string, answer: number) => void,
): void {
  eachAnswer(encoded, rows as TokensAsked & LabelledSplit['rows'], (row, word, answer) =>
    use(split.tokens![row]![word]!, answer),
  )
}

function requireTagForEach(split: SplitRows, column: string): void {
  split.references.forEach((reference, row) => {
    const [tokens, tags] = [split.tokens![row]!, reference as string[]]
    if (tokens.length === tags.length) return
    throw new UserError('bad-input', `The row has ${tokens.length} tokens and ${tags.length} tags.`, {
      where: { file: split.file, row: split.sourceRows[row]!, field: column },
      hint: 'Every token needs one tag.',
    })
  })
}

/**
 * Of entities, as seqeval counts them, under the names of Transformers' examples; where no tag marks an entity (parts
 * of speech), of tags.
 */
function taggingMetrics(
  references: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { offsets }: Places,
  labels: readonly string[],
): EvalMetrics {
  if (!labels.some(isEntityTag)) {
    const matrix = confusionMatrix(references, predicted, labels.length)
    return { accuracy: accuracyOf(matrix), f1_macro: averageScores(matrix, 'macro').f1 }
  }
  const sentences = (ids: ArrayLike<number>) =>
    Array.from({ length: offsets.length - 1 }, (_, row) =>
      Array.from({ length: offsets[row + 1]! - offsets[row]! }, (_, k) => labels[ids[offsets[row]! + k]!]!),
    )
  const { micro, accuracy } = seqevalReport(sentences(references), sentences(predicted))
  return { f1: micro.f1, precision: micro.precision, recall: micro.recall, accuracy }
}

function tagList(cell: CellValue, where: CellPlace): string[] | null {
  if (cell === null) return null
  if (!Array.isArray(cell))
    throw new UserError('bad-input', 'A list of tags is needed, one for each token.', { where })
  return cell.map((tag) => {
    if (typeof tag === 'string' && tag.trim() !== '') return tag.trim()
    if (typeof tag === 'number') return String(tag)
    throw new UserError('bad-input', `A tag is ${tag === null || tag === '' ? 'empty' : 'not a text'}.`, {
      where,
      hint: 'Tag tokens outside entities O.',
    })
  })
}
