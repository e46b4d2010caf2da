/** Many sentences ask a masked model side by side: each as if it were alone, their questions in one call. */
import type { ApplyMany, CopyContext } from '../augmenter'
import type { Candidate, Gap, MaskedModel } from '../models'
import type { Sentence } from '../text/token'

/** What is done to one thing, with questions in between: yields a gap, is given the words for it. */
export type Asking<T> = Generator<Gap, T, readonly Candidate[]>

/** @param count words wanted for each gap, at most */
export async function askTogether<T>(
  model: MaskedModel,
  count: number,
  askings: readonly Asking<T>[],
): Promise<T[]> {
  const results: T[] = []
  let open = askings.map((asking, i) => ({ asking, i, step: asking.next() }))
  for (;;) {
    const waiting: { one: (typeof open)[number]; gap: Gap }[] = []
    for (const one of open) {
      if (one.step.done) results[one.i] = one.step.value
      else waiting.push({ one, gap: one.step.value })
    }
    if (waiting.length === 0) return results
    const answers = await model.fill(
      waiting.map(({ gap }) => gap),
      count,
    )
    waiting.forEach(({ one }, k) => (one.step = one.asking.next(answers[k]!)))
    open = waiting.map(({ one }) => one)
  }
}

/** Copies that fill the pieces a model computes in, a second's work for a small one. */
export const ASKED_TOGETHER = 128

/** An augmenter whose changes to a sentence ask a masked model. */
export function askingAugmenter(
  model: MaskedModel,
  count: number,
  change: (sentence: Sentence, context: CopyContext) => Asking<Sentence>,
): ApplyMany {
  function* changeAll(sentences: readonly Sentence[], context: CopyContext): Asking<Sentence[]> {
    const changed: Sentence[] = []
    for (const sentence of sentences) changed.push(yield* change(sentence, context))
    return changed
  }
  return {
    atOnce: ASKED_TOGETHER,
    many: (drafts) =>
      askTogether(
        model,
        count,
        drafts.map(({ sentences, context }) => changeAll(sentences, context)),
      ),
  }
}
