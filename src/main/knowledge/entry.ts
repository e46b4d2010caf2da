/** One Markdown file ↔ one entry: YAML front matter checked by its schema, the body parsed to a tree. */
import { parse, stringify, YAMLParseError } from 'yaml'
import { UserError } from '../../shared/errors'
import { FrontMatter, type Article, type Block, type MathNode } from '../../shared/domain/knowledge'
import { typeset } from './formula'
import { parseMarkdown } from './markdown'
import type { SourceFile } from './resources'

export interface Entry extends Omit<FrontMatter, 'formula' | 'symbols'> {
  isOwn: boolean
  formula: MathNode | null
  symbols: Article['symbols']
  body: Block[]
  /** The file as it was written, front matter and all. */
  source: string
}

const HEAD = /^---\r?\n([\s\S]*?)\r?\n---\r?\n?([\s\S]*)$/

/** @throws UserError `bad-input` naming the file and the field */
export function parseEntry({ file, text }: SourceFile, isOwn: boolean): Entry {
  const source = text.replace(/^\uFEFF/, '')
  const match = HEAD.exec(source)
  if (!match)
    throw new UserError('bad-input', 'The entry has no front matter.', {
      where: { file },
      hint: 'It starts with --- , lines such as "title: …", and --- again.',
    })
  const head = parseHead(match[1]!, file)
  const { formula, symbols, ...front } = head
  try {
    return {
      ...front,
      isOwn,
      formula: formula === undefined ? null : typeset(formula, true),
      symbols: Object.entries(symbols).map(([tex, meaning]) => ({ symbol: typeset(tex, false), meaning })),
      body: parseMarkdown(match[2]!),
      source,
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(error.code, error.message, {
      where: { file, ...error.where },
      ...(error.hint && { hint: error.hint }),
      cause: error,
    })
  }
}

function parseHead(yaml: string, file: string): FrontMatter {
  let raw: unknown
  try {
    raw = parse(yaml)
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    throw new UserError('bad-input', `The front matter is not valid YAML: ${error.message}`, {
      where: { file, row: (error.linePos?.[0].line ?? 0) + 1 },
      cause: error,
    })
  }
  const parsed = FrontMatter.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const field = issue.path.map(String).join('.') || '(front matter)'
  throw new UserError('bad-input', `The entry's ${field}: ${issue.message}.`, { where: { file, field } })
}

/** What the window's editor gives, as the text of a file. */
export interface EntryDraft {
  id: string
  kind: 'term' | 'question'
  title: string
  category: string
  aliases: readonly string[]
  short: string
  related: readonly string[]
  body: string
}

export function draftSource({ body, ...front }: EntryDraft): string {
  return `---\n${stringify(front)}---\n\n${body.trim()}\n`
}

/** The body of a file, as it was typed. */
export function bodySource(source: string): string {
  return HEAD.exec(source)?.[2]?.trim() ?? ''
}
