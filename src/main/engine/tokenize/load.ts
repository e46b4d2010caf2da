/** Loading a tokenizer from a file or a Hugging Face folder. */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UserError } from '../../../shared/errors'
import { bertJson, byteLevelJson } from './families'
import { readVocab } from './models/buildModel'
import type { Tokenizer } from './tokenizer'
import { tokenizerFromJson } from './tokenizerJson'

/**
 * @param path tokenizer.json, vocab.txt, vocab.json (merges.txt beside it), or a folder that holds one of them.
 * tokenizer_config.json and special_tokens_map.json beside it are read for the roles of special tokens.
 * @throws UserError('not-found' | 'bad-input' | 'unsupported') naming the file
 */
export async function loadTokenizer(path: string): Promise<Tokenizer> {
  const file = await tokenizerFile(path)
  const folder = dirname(file)
  const config = await optionalJson(join(folder, 'tokenizer_config.json'))
  const map = await optionalJson(join(folder, 'special_tokens_map.json'))
  const named = config || map ? { ...map, ...withoutNulls(config) } : null
  try {
    return tokenizerFromJson(await jsonOf(file, config ?? {}), named)
  } catch (error) {
    if (error instanceof UserError && !error.where?.file) {
      throw new UserError(error.code, error.message, {
        where: { ...error.where, file },
        ...(error.hint !== undefined && { hint: error.hint }),
        cause: error,
      })
    }
    throw error
  }
}

async function tokenizerFile(path: string): Promise<string> {
  const info = await stat(path).catch(() => null)
  if (info?.isFile()) return path
  const names = ['tokenizer.json', 'vocab.txt', 'vocab.json']
  const found = info?.isDirectory() && names.map((name) => join(path, name)).find((file) => existsSync(file))
  if (found) return found
  throw new UserError('not-found', info ? 'The folder holds no tokenizer.' : 'There is no such tokenizer.', {
    where: { file: path },
    hint: 'A tokenizer is a tokenizer.json, a vocab.txt, or a vocab.json with a merges.txt.',
  })
}

async function jsonOf(file: string, config: Readonly<Record<string, unknown>>): Promise<unknown> {
  const name = basename(file)
  if (name.endsWith('.txt')) {
    const tokens = (await readFile(file, 'utf8')).split('\n')
    if (tokens.at(-1) === '') tokens.pop()
    const vocab = new Map(tokens.map((token, id) => [token.trimEnd(), id]))
    return bertJson(vocab, {
      lowercase: config.do_lower_case !== false,
      strip_accents: typeof config.strip_accents === 'boolean' ? config.strip_accents : null,
      handle_chinese_chars: config.tokenize_chinese_chars !== false,
    })
  }
  const json = await readJson(file)
  if (name !== 'vocab.json') return json
  const merges = join(dirname(file), 'merges.txt')
  if (!existsSync(merges)) {
    throw new UserError('not-found', 'A vocab.json needs its merges.txt beside it.', {
      where: { file: merges },
    })
  }
  return byteLevelJson(readVocab({ vocab: json }), parseMerges(await readFile(merges, 'utf8'), merges), {
    addPrefixSpace: config.add_prefix_space === true,
  })
}

/** merges.txt: one pair a line, after an optional `#version` line. */
export function parseMerges(text: string, file: string): [string, string][] {
  const merges: [string, string][] = []
  text.split('\n').forEach((raw, index) => {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (line === '' || line.startsWith('#version')) return
    const [a, b, ...rest] = line.split(' ')
    if (!a || !b || rest.length > 0) {
      throw new UserError('bad-input', 'A line of merges.txt is not two tokens with one space between.', {
        where: { file, row: index + 1 },
      })
    }
    merges.push([a, b])
  })
  return merges
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8')
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new UserError('bad-input', 'The file is not valid JSON.', {
      where: { file },
      hint: cause instanceof Error ? cause.message : String(cause),
      cause,
    })
  }
}

async function optionalJson(file: string): Promise<Record<string, unknown> | null> {
  if (!existsSync(file)) return null
  const json = await readJson(file)
  return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : null
}

function withoutNulls(config: Readonly<Record<string, unknown>> | null): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config ?? {}).filter(([, value]) => value !== null))
}
