/** Every request that was made of the network, so that the user can see them. */
import type { Migration } from '../migrate'

export const network: Migration = {
  version: 70,
  name: 'network',
  up(db) {
    db.exec(`
CREATE TABLE network_attempts (
  id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  -- window, cli or page
  origin TEXT NOT NULL,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  -- What the user asked for; NULL: nobody asked.
  purpose TEXT,
  -- Status or error; NULL while it is under way.
  outcome TEXT
) STRICT;
`)
  },
}
