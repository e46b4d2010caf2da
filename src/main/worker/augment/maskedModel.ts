/** A masked language model as augmenters ask it, run by the engine. */
import { UserError } from '../../../shared/errors'
import type { Candidate, Gap, MaskedModel } from '../../augment/models'
import { logSumExp } from '../../engine/objectives/crossEntropy'
import { OBJECTIVES } from '../../engine/objectives/registry'
import { loadTokenizer } from '../../engine/tokenize/load'
import type { Tokenizer } from '../../engine/tokenize/tokenizer'
import { loadPredictor, type Predictor } from '../../engine/train/predict'
import type { AskedRows } from '../../engine/train/rows'

/** A row of one question. */
interface Question {
  ids: Int32Array
  /** Position of the mask that is asked about. */
  at: number
}

interface Word {
  id: number
  text: string
}

/** @throws UserError where the folder is no trained masked language model with its tokenizer */
export async function openMaskedModel(
  dir: string,
  isWord: (word: string) => boolean,
  signal: AbortSignal,
): Promise<EngineMaskedModel> {
  const objective = OBJECTIVES['masked-lm']
  const { predictor, opened, notes } = await loadPredictor({ kind: 'folder', dir }, { objective })
  const isNew = notes.find((note) => note.includes('random weights'))
  if (isNew !== undefined)
    throw new UserError('bad-input', `This model has no trained masked-language head. ${isNew}`, {
      where: { file: dir },
      hint: 'Take the starter, or a model trained for masked-lm.',
    })
  const tokenizer = await loadTokenizer(dir)
  const { mask } = tokenizer.specialTokens
  if (!mask)
    throw new UserError('bad-input', 'The tokenizer of this model has no mask token.', {
      where: { file: dir },
      hint: 'Take a model that was trained for masked-lm.',
    })
  const words = () => wordsOf(tokenizer, opened.model.numLabels, isWord)
  return new EngineMaskedModel(predictor, new Questions(tokenizer, mask, opened.model.encoder), words, signal)
}

export class EngineMaskedModel implements MaskedModel {
  #words: readonly Word[] | undefined

  constructor(
    private readonly predictor: Predictor,
    private readonly questions: Questions,
    private readonly findWords: () => readonly Word[],
    private readonly signal: AbortSignal,
  ) {}

  async fill(gaps: readonly Gap[], count: number): Promise<Candidate[][]> {
    const found: Candidate[][] = []
    const words = (this.#words ??= this.findWords())
    const rows = rowsOf(gaps.map((gap) => this.questions.of(gap)))
    await this.predictor.run(
      rows,
      (answer, logits) => (found[answer] = likeliestWords(words, logits, count)),
      () => this.signal.throwIfAborted(),
    )
    return found
  }

  async score(texts: readonly string[]): Promise<number[]> {
    const scored = await this.#logProbabilities(texts.map((text) => this.questions.each(text)))
    return scored.map((own) => own.reduce((sum, p) => sum + p, 0) / Math.max(1, own.length))
  }

  /** Each token of a text with its log-probability, hidden in its turn. */
  async scoreTokens(text: string): Promise<{ token: string; logProbability: number }[]> {
    const hidden = this.questions.each(text)
    const [scored] = await this.#logProbabilities([hidden])
    return hidden.map(({ token }, i) => ({
      token: this.questions.tokenizer.idToToken(token) ?? '',
      logProbability: scored![i]!,
    }))
  }

  async #logProbabilities(hidden: readonly (Question & { token: number })[][]): Promise<number[][]> {
    const scored = hidden.map((own) => own.map(() => 0))
    const all = hidden.flatMap((own, text) => own.map((question, place) => ({ ...question, text, place })))
    for (let start = 0; start < all.length; start += SCORED_TOGETHER) {
      const some = all.slice(start, start + SCORED_TOGETHER)
      await this.predictor.run(
        rowsOf(some),
        (answer, logits) => {
          const { text, place, token } = some[answer]!
          scored[text]![place] = logits[token]! - logSumExp(logits)
        },
        () => this.signal.throwIfAborted(),
      )
    }
    return scored
  }
}

/** Questions of one call: what holds their rows in memory is bounded. */
const SCORED_TOGETHER = 2048

/** Gaps → token ids, with as much of the text around the gap as the model reads. */
class Questions {
  readonly #before: Int32Array
  readonly #after: Int32Array

  constructor(
    readonly tokenizer: Tokenizer,
    readonly mask: { token: string; id: number },
    readonly model: { maxPositions: number },
  ) {
    const { ids } = tokenizer.encodeIds(mask.token)
    const at = ids.indexOf(mask.id)
    this.#before = ids.slice(0, at)
    this.#after = ids.slice(at + 1)
  }

  of({ before, masks, after }: Gap): Question {
    const own = (text: string) => this.tokenizer.encodeIds(text, null, { addSpecialTokens: false }).ids
    const [left, right] = [own(before), own(after)]
    const room = this.model.maxPositions - this.#before.length - this.#after.length - masks
    const keptLeft = Math.min(left.length, Math.max(Math.floor(room / 2), room - right.length))
    const keptRight = Math.min(right.length, room - keptLeft)
    const at = this.#before.length + keptLeft
    const ids = Int32Array.from([
      ...this.#before,
      ...left.subarray(left.length - keptLeft),
      ...new Int32Array(masks).fill(this.mask.id),
      ...right.subarray(0, keptRight),
      ...this.#after,
    ])
    return { ids, at }
  }

  /** A question for each token of a text, of what the model reads of it; `token` is what stands there. */
  each(text: string): (Question & { token: number })[] {
    const own = this.tokenizer.encodeIds(text, null, { addSpecialTokens: false }).ids
    const room = this.model.maxPositions - this.#before.length - this.#after.length
    const ids = Int32Array.from([...this.#before, ...own.subarray(0, room), ...this.#after])
    return Array.from(own.subarray(0, room), (token, i) => {
      const at = this.#before.length + i
      return { ids: ids.with(at, this.mask.id), at, token }
    })
  }
}

function rowsOf(questions: readonly Question[]): AskedRows {
  const offsets = new Int32Array(questions.length + 1)
  questions.forEach(({ ids }, i) => (offsets[i + 1] = offsets[i]! + ids.length))
  const ids = new Int32Array(offsets.at(-1)!)
  questions.forEach((question, i) => ids.set(question.ids, offsets[i]))
  const places = {
    positions: Int32Array.from(questions, ({ at }) => at),
    offsets: Int32Array.from(offsets, (_, i) => i),
  }
  return { ids, offsets, typeIds: null, places }
}

const WORD = /^[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*$/u

/** The tokens that are written as a whole word after a space. */
function wordsOf(tokenizer: Tokenizer, count: number, isWord: (word: string) => boolean): Word[] {
  const words: Word[] = []
  for (let id = 0; id < count; id++) {
    const text = tokenizer.isSpecial(id) ? '' : tokenizer.decode([id]).trim()
    if (!WORD.test(text) || !isWord(text.toLowerCase())) continue
    const { ids } = tokenizer.encodeIds(` ${text}`, null, { addSpecialTokens: false })
    if (ids.length === 1 && ids[0] === id) words.push({ id, text })
  }
  return words
}

/** Best first; among equals the one the vocabulary has first. */
function likeliestWords(words: readonly Word[], logits: Float32Array, count: number): Candidate[] {
  const best: Word[] = []
  for (const word of words) {
    const logit = logits[word.id]!
    if (best.length === count && logit <= logits[best.at(-1)!.id]!) continue
    let at = best.length
    while (at > 0 && logit > logits[best[at - 1]!.id]!) at--
    best.splice(at, 0, word)
    if (best.length > count) best.pop()
  }
  return best.map(({ id, text }) => ({ word: text, logit: logits[id]! }))
}
