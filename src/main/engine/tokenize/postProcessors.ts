/**
 * Post-processors of tokenizer.json, reduced to two layouts: which special tokens stand where around one
 * sequence or two, and with which token types. Behaviour: huggingface/tokenizers 0.23, `processors/`.
 */
import { z } from 'zod'
import { UserError } from '../../../shared/errors'
import { buildComponent } from './component'
import type { SequenceTokens } from './encoding'
import { isWhitespace } from './unicode'

export type LayoutPart =
  | { kind: 'sequence'; index: 0 | 1; typeId: number }
  | { kind: 'special'; id: number; token: string; typeId: number }

export interface PostProcessor {
  single: LayoutPart[]
  pair: LayoutPart[]
  /** Takes the white space that byte-level words begin with out of the offsets. */
  trimOffsets: ((tokens: SequenceTokens) => void) | null
}

const TokenWithId = z.tuple([z.string(), z.number().int()])
const BertOptions = z.object({ sep: TokenWithId, cls: TokenWithId })
const RobertaOptions = BertOptions.extend({
  trim_offsets: z.boolean().default(true),
  add_prefix_space: z.boolean().default(true),
})
const ByteLevelOptions = z.object({
  add_prefix_space: z.boolean().default(true),
  trim_offsets: z.boolean().default(true),
})
const TemplatePart = z.union([
  z.object({ Sequence: z.object({ id: z.enum(['A', 'B']), type_id: z.number().int() }) }),
  z.object({ SpecialToken: z.object({ id: z.string(), type_id: z.number().int() }) }),
])
const TemplateOptions = z.object({
  single: z.array(TemplatePart),
  pair: z.array(TemplatePart),
  special_tokens: z.record(
    z.string(),
    z.object({ ids: z.array(z.number().int()), tokens: z.array(z.string()) }),
  ),
})
const SequenceOptions = z.object({ processors: z.array(z.unknown()) })

const first: LayoutPart = { kind: 'sequence', index: 0, typeId: 0 }

export const NO_POST_PROCESSOR: PostProcessor = {
  single: [first],
  pair: [first, { kind: 'sequence', index: 1, typeId: 1 }],
  trimOffsets: null,
}

const builders: Record<string, (json: unknown) => PostProcessor> = {
  BertProcessing: (json) => {
    const options = BertOptions.parse(json)
    const [cls, sep, lastSep] = [special(options.cls, 0), special(options.sep, 0), special(options.sep, 1)]
    return {
      single: [cls, first, sep],
      pair: [cls, first, sep, { kind: 'sequence', index: 1, typeId: 1 }, lastSep],
      trimOffsets: null,
    }
  },
  RobertaProcessing: (json) => {
    const options = RobertaOptions.parse(json)
    const [cls, sep] = [special(options.cls, 0), special(options.sep, 0)]
    return {
      single: [cls, first, sep],
      pair: [cls, first, sep, sep, { kind: 'sequence', index: 1, typeId: 0 }, sep],
      trimOffsets: options.trim_offsets ? trimmer(options.add_prefix_space) : null,
    }
  },
  ByteLevel: (json) => {
    const options = ByteLevelOptions.parse(json)
    return {
      ...NO_POST_PROCESSOR,
      trimOffsets: options.trim_offsets ? trimmer(options.add_prefix_space) : null,
    }
  },
  TemplateProcessing: (json) => template(TemplateOptions.parse(json)),
  Sequence: (json) => combine(SequenceOptions.parse(json).processors.map(buildPostProcessor)),
}

/** @throws UserError('unsupported') naming a component that is not known. */
export function buildPostProcessor(json: unknown): PostProcessor {
  return buildComponent('post_processor', builders, json)
}

function special([token, id]: readonly [string, number], typeId: number): LayoutPart {
  return { kind: 'special', id, token, typeId }
}

function template(options: z.infer<typeof TemplateOptions>): PostProcessor {
  const layout = (parts: z.infer<typeof TemplatePart>[]) =>
    parts.flatMap((part): LayoutPart[] => {
      if ('Sequence' in part) {
        return [{ kind: 'sequence', index: part.Sequence.id === 'A' ? 0 : 1, typeId: part.Sequence.type_id }]
      }
      const { id, type_id: typeId } = part.SpecialToken
      const token = options.special_tokens[id]
      if (!token) {
        throw new UserError('bad-input', `The tokenizer's template names "${id}", which it does not define.`)
      }
      return token.ids.map((tokenId, i) => special([token.tokens[i] ?? id, tokenId], typeId))
    })
  return { single: layout(options.single), pair: layout(options.pair), trimOffsets: null }
}

function combine(processors: readonly PostProcessor[]): PostProcessor {
  const adding = processors.filter((p) => p.single.length > 1 || p.pair.length > 2)
  if (adding.length > 1) {
    throw new UserError('unsupported', 'The tokenizer adds special tokens in more than one post-processor.')
  }
  const layout = adding[0] ?? NO_POST_PROCESSOR
  return {
    single: layout.single,
    pair: layout.pair,
    trimOffsets: processors.find((p) => p.trimOffsets)?.trimOffsets ?? null,
  }
}

/** Source: `process_offsets` in pre_tokenizers/byte_level.rs. */
function trimmer(addPrefixSpace: boolean): (tokens: SequenceTokens) => void {
  const isSpace = (char: string) => char === 'Ġ' || isWhitespace(char.codePointAt(0)!)
  return ({ tokens, offsets }) => {
    tokens.forEach((token, i) => {
      const chars = Array.from(token)
      const offset = offsets[i]!
      const firstOther = chars.findIndex((char) => !isSpace(char))
      let leading = firstOther < 0 ? chars.length : firstOther
      const trailing = chars.length - 1 - chars.findLastIndex((char) => !isSpace(char))
      if (leading > 0) {
        if ((i === 0 || offset[0] === 0) && addPrefixSpace && leading === 1) leading = 0
        offset[0] = Math.min(offset[0] + leading, offset[1])
      }
      if (trailing > 0 && offset[1] >= trailing) offset[1] = Math.max(offset[1] - trailing, offset[0])
    })
  }
}
