/** Tokenizers by id; a path stands in the list once. */
import type { TokenizerFacts, TokenizerOrigin, TokenizerSummary } from '../../../shared/domain/tokenizer'
import type { TokenizerId } from '../../../shared/ids'
import { allRows, change, oneRow, type ReadableDB, type WritableDB } from '../handles'

interface TokenizerRow {
  id: string
  name: string
  path: string
  facts_json: string
  origin_json: string
  created_at_ms: number
}

export function insertTokenizer(db: WritableDB, tokenizer: TokenizerSummary): void {
  change(
    db,
    `INSERT OR REPLACE INTO tokenizers (id, name, path, facts_json, origin_json, created_at_ms)
     VALUES ($id, $name, $path, $facts, $origin, $atMs)`,
    {
      id: tokenizer.id,
      name: tokenizer.name,
      path: tokenizer.path,
      facts: JSON.stringify(tokenizer.facts),
      origin: JSON.stringify(tokenizer.origin),
      atMs: tokenizer.createdAtMs,
    },
  )
}

export function listTokenizers(db: ReadableDB): TokenizerSummary[] {
  return allRows<TokenizerRow>(db, 'SELECT * FROM tokenizers ORDER BY created_at_ms DESC, id').map(
    toTokenizer,
  )
}

export function findTokenizer(db: ReadableDB, id: TokenizerId): TokenizerSummary | undefined {
  const row = oneRow<TokenizerRow>(db, 'SELECT * FROM tokenizers WHERE id = $id', { id })
  return row && toTokenizer(row)
}

export function renameTokenizer(db: WritableDB, id: TokenizerId, name: string): void {
  change(db, 'UPDATE tokenizers SET name = $name WHERE id = $id', { id, name })
}

export function deleteTokenizer(db: WritableDB, id: TokenizerId): void {
  change(db, 'DELETE FROM tokenizers WHERE id = $id', { id })
}

function toTokenizer(row: TokenizerRow): TokenizerSummary {
  return {
    id: row.id as TokenizerId,
    name: row.name,
    path: row.path,
    facts: JSON.parse(row.facts_json) as TokenizerFacts,
    origin: JSON.parse(row.origin_json) as TokenizerOrigin,
    createdAtMs: row.created_at_ms,
  }
}
