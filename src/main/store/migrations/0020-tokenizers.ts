/** Tokenizers the studio knows: loaded from a folder, or trained here. */
import type { Migration } from '../migrate'

export const tokenizers: Migration = {
  version: 20,
  name: 'tokenizers',
  up(db) {
    db.exec(`
CREATE TABLE tokenizers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  path TEXT NOT NULL UNIQUE,
  facts_json TEXT NOT NULL,
  origin_json TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT;
`)
  },
}
