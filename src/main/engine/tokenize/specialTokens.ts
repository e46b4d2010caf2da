/** The roles special tokens play, as tokenizer_config.json and special_tokens_map.json name them. */
export const SPECIAL_ROLES = ['pad', 'unk', 'cls', 'sep', 'mask', 'bos', 'eos'] as const
export type SpecialRole = (typeof SPECIAL_ROLES)[number]

export interface SpecialToken {
  token: string
  id: number
}
export type SpecialTokens = Readonly<Partial<Record<SpecialRole, SpecialToken>>>

/** What the usual families call them, for a tokenizer.json that comes alone. */
const USUAL: Record<SpecialRole, readonly string[]> = {
  pad: ['[PAD]', '<pad>'],
  unk: ['[UNK]', '<unk>'],
  cls: ['[CLS]', '<s>'],
  sep: ['[SEP]', '</s>'],
  mask: ['[MASK]', '<mask>'],
  bos: ['<s>', '<|begin_of_text|>', '<|endoftext|>'],
  eos: ['</s>', '<|end_of_text|>', '<|endoftext|>'],
}

/** Roles named by a configuration, else guessed among the tokens there are. */
export function resolveSpecialTokens(
  named: Readonly<Record<string, unknown>> | null,
  idOf: (token: string) => number | undefined,
): SpecialTokens {
  const found: Partial<Record<SpecialRole, SpecialToken>> = {}
  for (const role of SPECIAL_ROLES) {
    const candidates = named ? [contentOf(named[`${role}_token`])] : USUAL[role]
    for (const token of candidates) {
      const id = token === undefined ? undefined : idOf(token)
      if (token !== undefined && id !== undefined) {
        found[role] = { token, id }
        break
      }
    }
  }
  return found
}

function contentOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && 'content' in value) return String(value.content)
  return undefined
}
