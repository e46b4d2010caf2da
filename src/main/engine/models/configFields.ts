/** Config fields that the architectures share, and the checks that take two of them. */
import { z } from 'zod'
import { UserError } from '../../../shared/errors'

export const size = z.int().min(1)
export const probability = z.number().min(0).lt(1)

/** Fields of Transformers' encoders that only their default is built for. */
export const encoderOnly = {
  position_embedding_type: z.literal('absolute').optional(),
  is_decoder: z.literal(false).optional(),
  add_cross_attention: z.literal(false).optional(),
}

/** @throws UserError `bad-config` where the heads do not divide the width. */
export function requireWholeHeads(
  [widthField, width]: readonly [string, number],
  [headsField, heads]: readonly [string, number],
): void {
  if (width % heads === 0) return
  throw new UserError(
    'bad-config',
    `${widthField} (${width}) must be a multiple of ${headsField} (${heads}).`,
    {
      where: { field: headsField },
    },
  )
}

/** @throws UserError `bad-config` where the padding token is no token. */
export function requirePadInVocabulary(padTokenId: number | null, vocabSize: number): void {
  if (padTokenId !== null && padTokenId >= vocabSize)
    throw new UserError('bad-config', 'pad_token_id lies outside the vocabulary.', {
      where: { field: 'pad_token_id' },
    })
}
