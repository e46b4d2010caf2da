/** tokenizer.json → Tokenizer. */
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import { AddedToken } from './addedTokens'
import { buildDecoder } from './decoders'
import { buildModel } from './models/buildModel'
import { buildNormalizer } from './normalizers'
import { buildPostProcessor, NO_POST_PROCESSOR } from './postProcessors'
import { buildPreTokenizer } from './preTokenizers'
import { resolveSpecialTokens } from './specialTokens'
import { Tokenizer } from './tokenizer'

const AddedTokens = z.array(AddedToken)

/**
 * @param json the parsed file
 * @param named special tokens by role (`cls_token` …) from the files beside it; guessed where null
 * @throws UserError('unsupported') naming the part that is not known, 'bad-input' if the file is malformed
 */
export function tokenizerFromJson(
  json: unknown,
  named: Readonly<Record<string, unknown>> | null = null,
): Tokenizer {
  if (typeof json !== 'object' || json === null || !('model' in json)) {
    throw new UserError('bad-input', 'This is not a tokenizer.json: it has no "model".')
  }
  const file = json as Record<string, unknown>
  const added = AddedTokens.safeParse(file.added_tokens ?? [])
  if (!added.success) {
    throw new UserError('bad-input', "The tokenizer's added_tokens are not valid.", {
      where: { field: 'added_tokens' },
      hint: z.prettifyError(added.error),
    })
  }
  const model = buildModel(file.model)
  const addedTokens = numberAddedTokens(added.data, model.vocab)
  const idOf = (token: string) => addedTokens.find((t) => t.content === token)?.id ?? model.vocab.get(token)
  return new Tokenizer({
    normalizer: optional(file.normalizer, buildNormalizer),
    preTokenizer: optional(file.pre_tokenizer, buildPreTokenizer),
    model,
    postProcessor: optional(file.post_processor, buildPostProcessor) ?? NO_POST_PROCESSOR,
    decoder: optional(file.decoder, buildDecoder),
    addedTokens,
    specialTokens: resolveSpecialTokens(named, idOf),
    json: file,
  })
}

function optional<T>(json: unknown, build: (json: unknown) => T): T | null {
  return json === null || json === undefined ? null : build(json)
}

/** The reference goes by the model's vocabulary, then counts on from its size, whatever ids the file states. */
function numberAddedTokens(tokens: readonly AddedToken[], vocab: ReadonlyMap<string, number>): AddedToken[] {
  const ids = new Map<string, number>()
  let next = vocab.size
  for (const { content } of tokens) if (!ids.has(content)) ids.set(content, vocab.get(content) ?? next++)
  return tokens.map((token) => ({ ...token, id: ids.get(token.content)! }))
}
