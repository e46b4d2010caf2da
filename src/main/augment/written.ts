/** What augmenters share that let a model write a text anew: sentence by sentence, all copies in one call. */
import { z } from 'zod'
import type { ApplyMany, Draft, Made } from './augmenter'
import type { Writer, Writing } from './models'
import type { Draw } from './random'
import { parseText, type Protection } from './text/parse'
import { splitSentences } from './text/sentences'
import { textOf } from './text/token'

/** Parameters of every augmenter that writes with a model. */
export const writingParameters = {
  method: z
    .enum(['sample', 'beam'])
    .default('sample')
    .describe(
      'Draw token by token, different for each copy, or search the likeliest text, one for all copies.',
    ),
  top_p: z
    .number()
    .min(0.01)
    .max(1)
    .default(0.9)
    .describe('Sampling: among the likeliest tokens whose probabilities add up to this.'),
  temperature: z
    .number()
    .min(0.1)
    .max(10)
    .default(1)
    .describe('Sampling: above 1 unlikely tokens are drawn more often, below 1 less often.'),
  beams: z.int().min(1).max(16).default(4).describe('Beam search: texts kept side by side; 1 is greedy.'),
  max_tokens: z.int().min(4).max(1024).default(256).describe('Tokens a sentence may be written in, at most.'),
}
type WritingSettings = z.output<z.ZodObject<typeof writingParameters>>

export function writingOf({ method, top_p, temperature, beams, max_tokens }: WritingSettings): Writing {
  const maxTokens = max_tokens
  return method === 'beam' ? { method, beams, maxTokens } : { method, temperature, topP: top_p, maxTokens }
}

/** Texts, and the random numbers of each, to texts. */
export type Rewrite = (texts: readonly string[], draws: readonly Draw[]) => Promise<readonly string[]>

/** Through one model. @param prefix what the model wants before a text, as `>>fra<<` or `paraphrase:` */
export function through(writer: Writer, prefix: string, writing: Writing): Rewrite {
  const lead = prefix.trim() === '' ? '' : `${prefix.trim()} `
  return (texts, draws) =>
    writer.write(
      texts.map((text) => lead + text),
      writing,
      draws,
    )
}

const WRITTEN_TOGETHER = 16

interface Piece {
  draft: number
  /** Which of the draft's texts. */
  text: number
  gap: string
  source: string
  draw: Draw
}

/** These models know single sentences best: a text is cut into them and put together again. */
export function rewriting(rewrite: Rewrite, protection: Protection): ApplyMany {
  return {
    atOnce: WRITTEN_TOGETHER,
    async many(drafts) {
      const pieces = drafts.flatMap(piecesOf)
      const written = await rewrite(
        pieces.map(({ source }) => source),
        pieces.map(({ draw }) => draw),
      )
      const texts = drafts.map(({ sentences }) => sentences.map(() => ''))
      pieces.forEach(({ draft, text, gap }, i) => (texts[draft]![text]! += gap + written[i]!))
      return texts.map((own): Made => own.map((text) => parseText(text.trim(), protection)))
    },
  }
}

function piecesOf({ sentences, context }: Draft, draft: number): Piece[] {
  return sentences.flatMap((sentence, text) =>
    splitSentences(sentence).map((part): Piece => {
      const gap = part[0]!.gap
      return { draft, text, gap, source: textOf(part), draw: context.draw.fork() }
    }),
  )
}
