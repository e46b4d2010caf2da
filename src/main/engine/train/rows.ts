/** Encoded rows of a split, and the batches an epoch draws from them. */
import { UserError } from '../../../shared/errors'
import { permutation, PURPOSE } from '../random/stream'

/** Rows as flat arrays: row r has the ids [offsets[r], offsets[r+1]). */
export interface TokenRows {
  ids: Int32Array
  offsets: Int32Array
  /** Parallel to ids; null where every type is 0. */
  typeIds: Int32Array | null
}

/** The tokens of each row that an answer is wanted for, ascending: row r has [offsets[r], offsets[r+1]). */
export interface Places {
  positions: Int32Array
  offsets: Int32Array
}

export interface AskedRows extends TokenRows {
  /** Absent or `null`: one answer a row. */
  places?: Places | null
}

export interface LabelledRows extends AskedRows {
  /** Of each answer: the id of its class, or one number for each output of the model. */
  labels: Int32Array | Float32Array
}

/** Answers wanted for all rows. */
export function answerCount({ places, offsets }: AskedRows): number {
  return places ? places.positions.length : offsets.length - 1
}

/** The answers of a row: consecutive. */
export function answersOf({ places }: AskedRows, row: number): { from: number; to: number } {
  return places ? { from: places.offsets[row]!, to: places.offsets[row + 1]! } : { from: row, to: row + 1 }
}

export function rowCount(rows: TokenRows): number {
  return rows.offsets.length - 1
}

export function rowLength(rows: TokenRows, row: number): number {
  return rows.offsets[row + 1]! - rows.offsets[row]!
}

export interface OrderSettings {
  seed: number
  data_seed: number | null
  train_sampling_strategy: 'random' | 'sequential'
}

/** Rows in the order an epoch sees them: a pure function of the seed and the epoch's number. */
export function epochOrder(count: number, epoch: number, settings: OrderSettings): Uint32Array {
  if (settings.train_sampling_strategy === 'sequential')
    return Uint32Array.from({ length: count }, (_, i) => i)
  return permutation(count, settings.data_seed ?? settings.seed, PURPOSE.order, epoch)
}

/** @throws UserError `bad-input` where rows do not fit the model they are for. */
export function checkRows(
  rows: TokenRows,
  model: { vocabSize: number; maxPositions: number; typeVocabSize: number },
  name: string,
): void {
  for (let row = 0; row < rowCount(rows); row++) {
    const length = rowLength(rows, row)
    if (length === 0)
      throw new UserError('bad-input', `A row of the ${name} rows has no token.`, { where: { row: row + 1 } })
    if (length > model.maxPositions)
      throw new UserError(
        'bad-config',
        `A row has ${length} tokens; the model reads ${model.maxPositions}.`,
        {
          where: { field: 'max_length' },
          hint: `Set max_length to at most ${model.maxPositions}.`,
        },
      )
  }
  const largest = rows.ids.reduce((a, b) => Math.max(a, b), 0)
  if (largest >= model.vocabSize)
    throw new UserError(
      'bad-input',
      `The tokenizer gives the id ${largest}; the model knows ${model.vocabSize} tokens.`,
      {
        where: { field: 'tokenizer' },
        hint: 'Use the tokenizer the model was trained with.',
      },
    )
  // A model without token types reads none; the tokenizer may give them all the same.
  if (model.typeVocabSize > 0 && rows.typeIds?.some((type) => type >= model.typeVocabSize))
    throw new UserError('bad-input', `The tokenizer gives a token type the model has no embedding for.`, {
      where: { field: 'tokenizer' },
    })
}
