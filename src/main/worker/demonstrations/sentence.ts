/** What a masked language model thinks of a sentence, token by token. */
import type { DemonstrationResults } from '../../../shared/domain/demonstration'
import { perplexityOf } from '../../metrics/perplexity'
import { type EngineMaskedModel, openMaskedModel } from '../augment/maskedModel'

/** The model of the last sentence: it is asked again at each key. */
let last: { modelDir: string; model: EngineMaskedModel } | undefined

/** Of a sentence without tokens: none, and no figures (NaN). */
export async function sentenceUnder(
  modelDir: string,
  text: string,
): Promise<DemonstrationResults['sentence']> {
  if (last?.modelDir !== modelDir)
    last = { modelDir, model: await openMaskedModel(modelDir, () => false, new AbortController().signal) }
  const scored = await last.model.scoreTokens(text)
  const lossNats = scored.reduce((sum, { logProbability }) => sum - logProbability, 0)
  return {
    tokens: scored.map(({ token, logProbability }) => ({ token, probability: Math.exp(logProbability) })),
    pseudoPerplexity: perplexityOf([{ lossNats, tokens: scored.length }]),
    meanLoss: lossNats / scored.length,
  }
}
