/** The user's own terms and questions, each as the text of its Markdown file. */
import type { Migration } from '../migrate'

export const knowledge: Migration = {
  version: 30,
  name: 'knowledge',
  up(db) {
    db.exec(`
CREATE TABLE knowledge_entries (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
`)
    for (const operation of ['INSERT', 'UPDATE', 'DELETE']) {
      const [row, isGone] = operation === 'DELETE' ? ['OLD', 1] : ['NEW', 0]
      db.exec(`CREATE TRIGGER knowledge_entries_note_${operation.toLowerCase()} AFTER ${operation} ON knowledge_entries
BEGIN
  DELETE FROM changes WHERE kind = 'knowledge' AND id = ${row}.id;
  INSERT INTO changes (kind, id, is_gone) VALUES ('knowledge', ${row}.id, ${isGone});
END;`)
    }
  },
}
