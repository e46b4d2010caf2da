/** Writing a tokenizer as the files that Transformers' `from_pretrained` reads. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tokenizer } from './tokenizer'

/**
 * The files of a tokenizer: tokenizer.json, tokenizer_config.json, special_tokens_map.json and vocab.txt
 * (WordPiece) or vocab.json + merges.txt (BPE).
 * @param modelMaxLength what tokenizer_config.json says about the model's positions
 */
export function tokenizerFiles(tokenizer: Tokenizer, modelMaxLength: number | null): Map<string, string> {
  const files = new Map<string, string>()
  const model = tokenizer.parts.model.toJson()
  files.set('tokenizer.json', prettyJson({ ...tokenizer.parts.json, model }))
  const roles = Object.fromEntries(
    Object.entries(tokenizer.specialTokens).map(([role, { token }]) => [`${role}_token`, token]),
  )
  files.set('special_tokens_map.json', prettyJson(roles))
  files.set('tokenizer_config.json', prettyJson(tokenizerConfig(tokenizer, roles, modelMaxLength)))
  if (model.type === 'WordPiece') {
    files.set('vocab.txt', tokensInOrder(tokenizer).join('\n') + '\n')
  } else if (model.type === 'BPE') {
    files.set('vocab.json', JSON.stringify(model.vocab))
    const merges = model.merges as [string, string][]
    files.set('merges.txt', ['#version: 0.2', ...merges.map(([a, b]) => `${a} ${b}`)].join('\n') + '\n')
  }
  return files
}

export async function saveTokenizer(
  tokenizer: Tokenizer,
  folder: string,
  modelMaxLength: number | null = null,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, text] of tokenizerFiles(tokenizer, modelMaxLength))
    await writeFile(join(folder, name), text)
}

function tokenizerConfig(
  tokenizer: Tokenizer,
  roles: Readonly<Record<string, string>>,
  modelMaxLength: number | null,
): Record<string, unknown> {
  const { addedTokens, json, model } = tokenizer.parts
  const decoder = addedTokens
    .filter((token) => token.special)
    .map(({ id, ...rest }) => [String(id), rest] as const)
  const normalizer = json.normalizer as Record<string, unknown> | null | undefined
  const isBert = normalizer?.type === 'BertNormalizer'
  return {
    added_tokens_decoder: Object.fromEntries(decoder),
    clean_up_tokenization_spaces: false,
    ...roles,
    ...(isBert && {
      do_lower_case: normalizer.lowercase,
      strip_accents: normalizer.strip_accents,
      tokenize_chinese_chars: normalizer.handle_chinese_chars,
    }),
    ...(modelMaxLength !== null && { model_max_length: modelMaxLength }),
    tokenizer_class:
      isBert && model.toJson().type === 'WordPiece' ? 'BertTokenizer' : 'PreTrainedTokenizerFast',
  }
}

function tokensInOrder(tokenizer: Tokenizer): string[] {
  return [...tokenizer.parts.model.vocab].sort((a, b) => a[1] - b[1]).map(([token]) => token)
}

function prettyJson(value: unknown): string {
  return JSON.stringify(value, null, 2) + '\n'
}
