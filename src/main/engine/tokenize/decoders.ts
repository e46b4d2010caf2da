/** Decoders of tokenizer.json: tokens back to text. Behaviour: huggingface/tokenizers 0.23, `decoders/`. */
import { z } from 'zod'
import { fromByteCharacters } from './byteAlphabet'
import { buildComponent } from './component'
import { compilePattern, Pattern } from './pattern'

/** A step of decoding: the texts of the tokens in, texts out; the caller joins them. */
export type Decoder = (tokens: string[]) => string[]

const WordPieceOptions = z.object({ prefix: z.string().default('##'), cleanup: z.boolean().default(true) })
const MetaspaceOptions = z.object({
  replacement: z.string().default('▁'),
  prepend_scheme: z.enum(['always', 'first', 'never']).optional(),
  add_prefix_space: z.boolean().optional(),
})
const BpeOptions = z.object({ suffix: z.string().default('</w>') })
const ReplaceOptions = z.object({ pattern: Pattern, content: z.string() })
const StripOptions = z.object({ content: z.string(), start: z.number(), stop: z.number() })
const SequenceOptions = z.object({ decoders: z.array(z.unknown()) })

const builders: Record<string, (json: unknown) => Decoder> = {
  WordPiece: (json) => wordPiece(WordPieceOptions.parse(json)),
  ByteLevel: () => (tokens) => {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
    const parts = tokens.map((token) => decoder.decode(fromByteCharacters(token), { stream: true }))
    return [...parts, decoder.decode()]
  },
  Metaspace: (json) => {
    const options = MetaspaceOptions.parse(json)
    const dropsFirst =
      (options.prepend_scheme ?? (options.add_prefix_space === false ? 'never' : '')) !== 'never'
    return (tokens) =>
      tokens.map((token, i) => token.replaceAll(options.replacement, i === 0 && dropsFirst ? '' : ' '))
  },
  BPEDecoder: (json) => {
    const { suffix } = BpeOptions.parse(json)
    return (tokens) => tokens.map((token, i) => token.replaceAll(suffix, i === tokens.length - 1 ? '' : ' '))
  },
  ByteFallback: () => byteFallback,
  Fuse: () => (tokens) => [tokens.join('')],
  Strip: (json) => {
    const { content, start, stop } = StripOptions.parse(json)
    return (tokens) => tokens.map((token) => stripEnds(token, content, start, stop))
  },
  Replace: (json) => {
    const { pattern, content } = ReplaceOptions.parse(json)
    const expression = compilePattern(pattern)
    return (tokens) => tokens.map((token) => token.replace(expression, () => content))
  },
  Sequence: (json) => {
    const steps = SequenceOptions.parse(json).decoders.map(buildDecoder)
    return (tokens) => steps.reduce((current, step) => step(current), tokens)
  },
}

/** @throws UserError('unsupported') naming a component that is not known. */
export function buildDecoder(json: unknown): Decoder {
  return buildComponent('decoder', builders, json)
}

const CLEANUPS: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
]

function wordPiece(options: z.infer<typeof WordPieceOptions>): Decoder {
  return (tokens) =>
    tokens.map((token, i) => {
      let text = token
      if (i > 0) text = token.startsWith(options.prefix) ? token.slice(options.prefix.length) : ` ${token}`
      if (options.cleanup) for (const [from, to] of CLEANUPS) text = text.replaceAll(from, to)
      return text
    })
}

/** Runs of `<0xNN>` become the text of their bytes, or one U+FFFD a byte if they are not UTF-8. */
function byteFallback(tokens: string[]): string[] {
  const out: string[] = []
  let bytes: number[] = []
  const flush = () => {
    if (bytes.length === 0) return
    try {
      out.push(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes)))
    } catch {
      out.push('\ufffd'.repeat(bytes.length))
    }
    bytes = []
  }
  for (const token of tokens) {
    const match = /^<0x([0-9A-Fa-f]{2})>$/.exec(token)
    if (match) bytes.push(parseInt(match[1]!, 16))
    else {
      flush()
      out.push(token)
    }
  }
  flush()
  return out
}

function stripEnds(token: string, content: string, start: number, stop: number): string {
  const chars = Array.from(token)
  let from = 0
  while (from < start && from < chars.length && chars[from] === content) from++
  let to = chars.length
  while (to > from && chars.length - to < stop && chars[to - 1] === content) to--
  return chars.slice(from, to).join('')
}
