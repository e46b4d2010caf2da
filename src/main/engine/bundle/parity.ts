/** Whether every file of a bundle gives the answers of the run: loaded anew, compared on the same rows. */
import { readFile } from 'node:fs/promises'
import { Tokenizer as ReferenceTokenizer } from 'tokenizers'
import type { ParityRow } from '../../../shared/domain/bundle'
import type { Problem } from '../../../shared/domain/tasks'
import { UserError } from '../../../shared/errors'
import { refuseExternalData } from '../onnx/externalData'
import { type HostTensor, Session } from '../runtime/session'
import type { Tokenizer } from '../tokenize/tokenizer'
import type { ClassifierFolder } from './classifierFolder'

export interface TextRow {
  text: string
  text_pair?: string
}
export interface TokenRow {
  ids: Int32Array
  typeIds: Int32Array
}
/** Logits of each row: [C], or [T,C] where tokens are asked about. */
export type Logits = readonly Float32Array[]

/** Two float32 computations of one model, in different order, may differ this much. */
export const FLOAT_TOLERANCE = 1e-4
/** Share of the rows with a clear label on which a quantized model must name the same. */
const LEAST_AGREEMENT = 0.9
/** A label is clear where its probability is this much above the next. */
const CLEAR_MARGIN = 0.1
const BATCH_ROWS = 8
/** Logits compared at most: those of a vocabulary are many. */
const MOST_LOGITS = 8_000_000

/** Rows as token ids: fewer where a model gives each token as many logits as its vocabulary has tokens. */
export function tokenRows(
  { tokenizer, opened }: Pick<ClassifierFolder, 'tokenizer' | 'opened'>,
  rows: readonly TextRow[],
  maxLength: number,
): TokenRow[] {
  const encoded = rows.map((row) => tokenizer.encodeIds(row.text, row.text_pair ?? null, { maxLength }))
  if (!opened.objective.isByToken) return encoded
  let logits = 0
  return encoded.filter(({ ids }, i) => {
    logits += ids.length * opened.model.numLabels
    return i === 0 || logits <= MOST_LOGITS
  })
}

/** Logits from an ONNX file, rows batched and padded as a user of the file would. */
export async function onnxLogits(
  file: string,
  rows: readonly TokenRow[],
  padTokenId: number,
  signal?: AbortSignal,
): Promise<Logits> {
  const session = await loadOnnx(file)
  try {
    const logits: Float32Array[] = []
    for (let start = 0; start < rows.length; start += BATCH_ROWS) {
      signal?.throwIfAborted()
      const batch = rows.slice(start, start + BATCH_ROWS)
      const result = (await session.evaluate(onnxFeeds(batch, padTokenId, session.inputNames)))['logits']!
      const data = result.data as Float32Array
      const stride = data.length / batch.length
      // [B,T,C] is padded behind the tokens of a row.
      const classes = result.shape.length === 3 ? result.shape[2]! : stride
      const size = ({ ids }: TokenRow) => (result.shape.length === 3 ? ids.length * classes : stride)
      batch.forEach((row, i) => logits.push(data.slice(i * stride, i * stride + size(row))))
    }
    return logits
  } finally {
    await session.release()
  }
}

/** @throws UserError `corrupt` or `unsupported` where onnxruntime cannot, or should not, load the file */
async function loadOnnx(file: string): Promise<Session> {
  const bytes = await readFile(file)
  refuseExternalData(bytes, file)
  try {
    return await Session.load(bytes, { numThreads: 1 })
  } catch (cause) {
    throw new UserError('corrupt', 'onnxruntime does not load this file.', { where: { file }, cause })
  }
}

function onnxFeeds(
  rows: readonly TokenRow[],
  padTokenId: number,
  inputNames: readonly string[],
): Record<string, HostTensor> {
  const length = Math.max(...rows.map((row) => row.ids.length))
  const tensor = (value: (row: TokenRow, at: number) => number): HostTensor => ({
    dtype: 'int64',
    shape: [rows.length, length],
    data: BigInt64Array.from({ length: rows.length * length }, (_, i) =>
      BigInt(value(rows[Math.floor(i / length)]!, i % length)),
    ),
  })
  return {
    input_ids: tensor((row, at) => row.ids[at] ?? padTokenId),
    attention_mask: tensor((row, at) => (at < row.ids.length ? 1 : 0)),
    ...(inputNames.includes('token_type_ids') && {
      token_type_ids: tensor((row, at) => row.typeIds[at] ?? 0),
    }),
  }
}

/** A file that computes in float32: passes within `FLOAT_TOLERANCE`. */
export function floatParity(file: string, reference: Logits, logits: Logits): ParityRow {
  const maxAbsDiff = largestDifference(reference, logits)
  const passed = maxAbsDiff <= FLOAT_TOLERANCE
  const note = passed ? null : `The answers differ by more than ${FLOAT_TOLERANCE}.`
  return { file, maxAbsDiff, rows: reference.length, passed, note }
}

/** A quantized file: its difference is reported; where the model is sure of a class, it must say the same. */
export function quantizedParity(
  file: string,
  reference: Logits,
  logits: Logits,
  { id, outputs }: { id: Problem; outputs: number },
): ParityRow {
  const maxAbsDiff = largestDifference(reference, logits)
  const row = { file, maxAbsDiff, rows: reference.length }
  if (id === 'regression') {
    const numbers = reference.map(([value]) => value!)
    const spread = Math.max(...numbers) - Math.min(...numbers)
    const range = `the numbers themselves range over ${spread.toPrecision(2)}`
    return {
      ...row,
      passed: Number.isFinite(maxAbsDiff),
      note: `int8 weights: off by at most ${maxAbsDiff.toPrecision(2)}; ${range}.`,
    }
  }
  // Several labels are as many answers of two classes: the logit, against 0.
  const answers = (row: Float32Array): Float32Array[] =>
    id === 'multi-label'
      ? Array.from(row, (logit) => Float32Array.of(0, logit))
      : Array.from({ length: row.length / outputs }, (_, i) => row.subarray(i * outputs, (i + 1) * outputs))
  const [expected, given] = [reference.flatMap(answers), logits.flatMap(answers)]
  const agrees = expected.map((answer, i) => argMax(answer) === argMax(given[i]!))
  const sure = agrees.filter((_, i) => isSure(expected[i]!))
  return {
    ...row,
    passed: Number.isFinite(maxAbsDiff) && count(sure) >= LEAST_AGREEMENT * sure.length,
    note: `int8 weights: the same ${ANSWER[id]} on ${count(agrees)} of ${agrees.length} ${ASKED[id]}.`,
  }
}

const ANSWER = {
  'single-label': 'label',
  'multi-label': 'answer',
  'token-classification': 'tag',
  'masked-lm': 'token',
} as const
const ASKED = {
  'single-label': 'rows',
  'multi-label': 'labels',
  'token-classification': 'tokens',
  'masked-lm': 'tokens',
} as const

/** tokenizer.json read by Hugging Face's own library: every id must be ours. The difference is a count of rows. */
export async function tokenizerParity(
  file: string,
  name: string,
  tokenizer: Tokenizer,
  rows: readonly TextRow[],
): Promise<ParityRow> {
  const reference = ReferenceTokenizer.fromFile(file)
  reference.disablePadding()
  reference.disableTruncation()
  let different = 0
  for (const { text, text_pair } of rows) {
    const theirs = (await reference.encode(text, text_pair ?? null)).getIds()
    const ours = tokenizer.encodeIds(text, text_pair ?? null).ids
    if (theirs.length !== ours.length || theirs.some((id, i) => id !== ours[i])) different++
  }
  return {
    file: name,
    maxAbsDiff: different,
    rows: rows.length,
    passed: different === 0,
    note:
      different === 0
        ? 'The same token ids as from Hugging Face tokenizers.'
        : `${different} of ${rows.length} rows get other token ids from Hugging Face tokenizers.`,
  }
}

function largestDifference(a: Logits, b: Logits): number {
  let largest = 0
  a.forEach((row, r) =>
    row.forEach((value, c) => {
      const difference = Math.abs(value - b[r]![c]!)
      // A NaN must not pass for a small difference.
      largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference)
    }),
  )
  return largest
}

function argMax(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
  return best
}

function isSure(logits: Float32Array): boolean {
  const largest = logits[argMax(logits)]!
  const powers = Array.from(logits, (value) => Math.exp(value - largest)).sort((a, b) => b - a)
  const sum = powers.reduce((a, b) => a + b, 0)
  return (powers[0]! - (powers[1] ?? 0)) / sum >= CLEAR_MARGIN
}

function count(claims: readonly boolean[]): number {
  return claims.filter(Boolean).length
}
