/** Which column is the text, the second text, the label, the tokens or their tags: a guess, with its reason in words. */
import type { ColumnProfile, ColumnRole } from '../../shared/domain/dataset'
import type { ColumnRoles } from '../../shared/domain/runConfig'
import { ROLES_OF, type Task } from '../../shared/domain/tasks'

const NAMES: Record<ColumnRole, readonly string[]> = {
  text: [
    'text',
    'sentence',
    'sentence1',
    'premise',
    'content',
    'body',
    'review',
    'message',
    'question',
    'document',
  ],
  text_pair: ['text_pair', 'sentence2', 'hypothesis', 'text2', 'pair', 'context', 'answer', 'passage'],
  label: [
    'label',
    'labels',
    'class',
    'category',
    'target',
    'sentiment',
    'intent',
    'topic',
    'y',
    'rating',
    'score',
    'similarity',
  ],
  tokens: ['tokens', 'words', 'token'],
  tags: ['ner_tags', 'tags', 'ner', 'pos_tags', 'pos', 'chunk_tags', 'labels', 'tag'],
}

export function suggestRoles(columns: readonly ColumnProfile[]): ColumnProfile[] {
  const roles = new Map<string, { role: ColumnRole; because: string }>()
  const free = (column: ColumnProfile) => !roles.has(column.name)
  const give = (column: ColumnProfile | undefined, role: ColumnRole, because: string) => {
    if (column) roles.set(column.name, { role, because })
  }
  const lists = columns.filter((column) => column.type === 'list')
  const tokens = named(lists, 'tokens')
  const tags = named(lists, 'tags')
  if (tokens && tags) {
    give(tokens, 'tokens', 'its name, and it holds lists')
    give(tags, 'tags', 'its name, and it holds lists')
    return withRoles(columns, roles)
  }
  const label = named(columns.filter(isLabelLike), 'label') ?? named(columns.filter(isListOrNumber), 'label')
  if (label) give(label, 'label', `its name, and it has ${label.distinct} different values`)
  else {
    const few = columns
      .filter((column) => isLabelLike(column) && columns.length > 1 && !isNamed(column, 'text'))
      .sort((a, b) => a.distinct - b.distinct)[0]
    if (few) give(few, 'label', `it has only ${few.distinct} different values`)
  }
  const texts = columns.filter((column) => free(column) && isTextLike(column))
  const text = named(texts, 'text') ?? longest(texts)
  if (text) {
    const length = `its values are the longest (${text.words?.median ?? 0} words in the middle)`
    give(text, 'text', named(texts, 'text') ? 'its name' : length)
  }
  const pair = named(texts.filter(free), 'text_pair')
  if (text && pair) give(pair, 'text_pair', 'its name')
  return withRoles(columns, roles)
}

/**
 * The roles of a task that were given, completed by those a first look suggests. A second text is suggested only where
 * nothing was given.
 */
export function completeRoles(
  given: ColumnRoles,
  columns: readonly ColumnProfile[],
  task: Task,
): ColumnRoles {
  const isBlank = Object.keys(given).length === 0
  const roles: ColumnRoles = { ...given }
  for (const role of ROLES_OF[task]) {
    if (roles[role] !== undefined || (role === 'text_pair' && !isBlank)) continue
    const name = columns.find((column) => column.suggestedRole === role)?.name
    if (name !== undefined && !Object.values(roles).includes(name)) roles[role] = name
  }
  return roles
}

function withRoles(
  columns: readonly ColumnProfile[],
  roles: ReadonlyMap<string, { role: ColumnRole; because: string }>,
): ColumnProfile[] {
  return columns.map((column) => {
    const found = roles.get(column.name)
    return found ? { ...column, suggestedRole: found.role, suggestedBecause: found.because } : column
  })
}

function named(columns: readonly ColumnProfile[], role: ColumnRole): ColumnProfile | undefined {
  for (const name of NAMES[role]) {
    const found = columns.find((column) => column.name.toLowerCase() === name)
    if (found) return found
  }
  return undefined
}

function isNamed(column: ColumnProfile, role: ColumnRole): boolean {
  return NAMES[role].includes(column.name.toLowerCase())
}

function isLabelLike(column: ColumnProfile): boolean {
  return column.type === 'category' || column.type === 'boolean'
}

/** Several labels a row, or a number to predict: a label only by its name. */
function isListOrNumber(column: ColumnProfile): boolean {
  return column.type === 'list' || column.type === 'number'
}

function isTextLike(column: ColumnProfile): boolean {
  return column.type === 'text' || column.type === 'category'
}

function longest(columns: readonly ColumnProfile[]): ColumnProfile | undefined {
  return [...columns].sort((a, b) => (b.characters?.median ?? 0) - (a.characters?.median ?? 0))[0]
}
