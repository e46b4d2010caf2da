import { z } from 'zod'
import type { RejectReason } from '../../../shared/domain/augmentation'
import { UserError } from '../../../shared/errors'
import { defineAugmenter, type Draft } from '../augmenter'
import { ASKED_TOGETHER, askTogether, type Asking } from '../masked/ask'
import { substituteWords } from '../masked/substitute'
import { askedFor, maskedParameters, openMasked } from '../masked/words'
import type { ModelGates } from '../modelGates'
import type { MaskedModel } from '../models'
import type { Draw } from '../random'
import { textOf, type Sentence } from '../text/token'
import { alpha, countOf, wordCount } from './words'

export const paraphrase = defineAugmenter({
  name: 'paraphrase',
  title: 'Paraphrase',
  group: 'Models',
  says: 'Rewrites a text several times by masked substitution and keeps the likeliest candidate that the gates let through.',
  source: 'masked passes ranked by pseudo-log-likelihood (Salazar et al. 2020)',
  rows: ['text', 'pair', 'tagged'],
  parameters: z.strictObject({
    ...maskedParameters,
    alpha: alpha('Words replaced in one pass, as a share of the words.'),
    passes: z
      .int()
      .min(1)
      .max(10)
      .default(2)
      .describe('Times a candidate is rewritten, each time from what the pass before made of it.'),
    candidates: z.int().min(1).max(32).default(4).describe('Candidates that one copy is chosen from.'),
  }),
  async prepare(settings, resources) {
    const { gates } = resources
    if (!gates.watchesMeaning)
      throw new UserError('bad-config', 'Paraphrase needs a gate that tells whether the meaning is kept.', {
        where: { field: 'gates.min_similarity' },
        hint: 'Set min_similarity, or same_label, among the gates.',
      })
    const model = await openMasked(settings, resources)
    return {
      atOnce: ASKED_TOGETHER / 4,
      many: async (drafts) => {
        const askings = drafts.flatMap((draft) =>
          Array.from({ length: settings.candidates }, () =>
            rewritten(draft, settings, draft.context.draw.fork()),
          ),
        )
        const written = await askTogether(model, askedFor(settings), askings)
        const candidates = drafts.map((draft, i) =>
          different(draft, written.slice(i * settings.candidates, (i + 1) * settings.candidates)),
        )
        return chosen(drafts, candidates, { model, gates })
      },
    }
  },
})

type Candidate = readonly Sentence[]

function* rewritten(
  { sentences }: Draft,
  settings: { alpha: number; passes: number; top_k: number; temperature: number },
  draw: Draw,
): Asking<Candidate> {
  let result = sentences
  for (let pass = 0; pass < settings.passes; pass++) {
    const next: Sentence[] = []
    for (const sentence of result) {
      const count = countOf(settings.alpha, wordCount(sentence))
      next.push(yield* substituteWords(sentence, { ...settings, count }, draw))
    }
    result = next
  }
  return result
}

const writtenAs = (candidate: Candidate) => candidate.map(textOf).join('\n')

/** Each text once, and not the draft's own. */
function different({ sentences }: Draft, written: readonly Candidate[]): Candidate[] {
  const byText = new Map(written.map((candidate) => [writtenAs(candidate), candidate]))
  byText.delete(writtenAs(sentences))
  return [...byText.values()]
}

/** The likeliest candidate that passes; where none does, what is against the likeliest; the draft where there is none. */
async function chosen(
  drafts: readonly Draft[],
  candidates: readonly (readonly Candidate[])[],
  { model, gates }: { model: MaskedModel; gates: ModelGates },
): Promise<(Candidate | RejectReason)[]> {
  const all = candidates.flatMap((own, i) => own.map((after) => ({ draft: drafts[i]!, after })))
  const scores = await model.score(all.flatMap(({ after }) => after.map(textOf)))
  const reasons = await gates.judge(
    all.map(({ draft: { source, before }, after }) => ({ source, before, after })),
  )
  let [text, at] = [0, 0]
  return drafts.map((draft, i) => {
    const ranked = candidates[i]!.map((after) => {
      let score = 0
      for (let k = 0; k < after.length; k++) score += scores[text++]!
      return { after, score, reason: reasons[at++] ?? null }
    }).sort((a, b) => b.score - a.score)
    const passing = ranked.find(({ reason }) => reason === null)
    return passing?.after ?? ranked[0]?.reason ?? draft.sentences
  })
}
