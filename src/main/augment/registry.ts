/** Every augmenter, in the order the editor offers them. */
import { toJSONSchema, type z } from 'zod'
import type { AugmenterInfo } from '../../shared/domain/augmentation'
import { UserError } from '../../shared/errors'
import { nearestName } from '../../shared/nearest'
import type { Augmenter } from './augmenter'
import { backTranslation } from './augmenters/backTranslation'
import { characters } from './augmenters/characters'
import { concatenation } from './augmenters/concatenation'
import { crop } from './augmenters/crop'
import { eda } from './augmenters/eda'
import { entitySwap } from './augmenters/entitySwap'
import { homoglyphs } from './augmenters/homoglyphs'
import { keyboard } from './augmenters/keyboard'
import { letterCase } from './augmenters/letterCase'
import { maskedInsertion } from './augmenters/maskedInsertion'
import { maskedSubstitution } from './augmenters/maskedSubstitution'
import { ocr } from './augmenters/ocr'
import { paraphrase } from './augmenters/paraphrase'
import { punctuation } from './augmenters/punctuation'
import { randomDeletion } from './augmenters/randomDeletion'
import { randomInsertion } from './augmenters/randomInsertion'
import { randomSwap } from './augmenters/randomSwap'
import { sentenceShuffle } from './augmenters/sentenceShuffle'
import { seq2seqParaphrase } from './augmenters/seq2seqParaphrase'
import { spanCorruption } from './augmenters/spanCorruption'
import { spelling } from './augmenters/spelling'
import { synonymReplacement } from './augmenters/synonymReplacement'
import { whiteSpace } from './augmenters/whiteSpace'

export const augmenters: readonly Augmenter[] = [
  eda,
  synonymReplacement,
  randomInsertion,
  randomSwap,
  randomDeletion,
  keyboard,
  characters,
  spelling,
  ocr,
  letterCase,
  whiteSpace,
  punctuation,
  homoglyphs,
  sentenceShuffle,
  crop,
  concatenation,
  entitySwap,
  maskedSubstitution,
  maskedInsertion,
  spanCorruption,
  paraphrase,
  backTranslation,
  seq2seqParaphrase,
]

/** @throws UserError `bad-config` with the nearest known name */
export function augmenterNamed(name: string, field: string): Augmenter {
  const found = augmenters.find((augmenter) => augmenter.name === name)
  if (found) return found
  const names = augmenters.map((augmenter) => augmenter.name)
  const near = nearestName(name, names)
  throw new UserError('bad-config', `There is no augmenter ${name}.`, {
    where: { field },
    hint: near ? `Did you mean ${near}?` : `There are ${names.join(', ')}.`,
  })
}

/** What the recipe editor is drawn from. */
export function augmenterCatalog(): AugmenterInfo[] {
  return augmenters.map(({ name, title, group, says, source, parameters }) => ({
    name,
    title,
    group,
    says,
    source,
    parameters: Object.entries(parameters.shape as Record<string, z.ZodType>).map(([parameter, schema]) => {
      const json = toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>
      return {
        name: parameter,
        help: schema.description ?? '',
        schema: json,
        default: json.default,
      }
    }),
  }))
}
