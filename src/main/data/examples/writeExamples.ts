/** Writing what an evaluation answered, row by row. */
import type Database from 'better-sqlite3'
import type { ExamplesMeta, KeptAnswer } from '../../../shared/domain/examples'
import { sealFile } from '../file/seal'
import { CREATE_INDEXES, CREATE_TABLES, EXAMPLES_VERSION } from './schema'

export interface KeptRow {
  ordinal: number
  content: string
  tokens: number
  loss: number
  asked: string | null
  /** Probability of each label. */
  scores: Float32Array | null
  answers: readonly KeptAnswer[]
}

/** Writes and seals the file; one of that name is replaced. @throws UserError('io') */
export async function writeExamples(
  path: string,
  rows: Iterable<KeptRow>,
  meta: ExamplesMeta,
): Promise<void> {
  await sealFile(
    path,
    { what: 'answers', hint: 'Free some space; the next evaluation is kept again.' },
    (db) => {
      db.exec(CREATE_TABLES)
      db.exec('BEGIN')
      insertRows(db, rows)
      const insertMeta = db.prepare('INSERT INTO meta (key, value) VALUES (?, ?)')
      for (const [key, value] of Object.entries(meta)) insertMeta.run(key, JSON.stringify(value))
      db.exec(CREATE_INDEXES)
      db.exec('COMMIT')
      db.pragma(`user_version = ${EXAMPLES_VERSION}`)
    },
  )
}

function insertRows(db: Database.Database, rows: Iterable<KeptRow>): void {
  const insertRow = db.prepare(
    `INSERT INTO rows (ordinal, content, tokens, loss, confidence, share_right, surest_wrong, asked, scores)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertAnswer = db.prepare(
    'INSERT INTO answers (ordinal, place, label, predicted, confidence) VALUES (?, ?, ?, ?, ?)',
  )
  for (const { ordinal, content, tokens, loss, asked, scores, answers } of rows) {
    const { confidence, shareRight, surestWrong } = judge(answers)
    insertRow.run(
      ordinal,
      content,
      tokens,
      finite(loss),
      confidence,
      shareRight,
      surestWrong,
      asked,
      scores && Buffer.from(scores.buffer, scores.byteOffset, scores.byteLength),
    )
    for (const { place, label, predicted, confidence: sure } of answers)
      insertAnswer.run(ordinal, place, label, predicted, sure)
  }
}

/** A row without any answer (no label is wanted, none was given) is right. */
function judge(answers: readonly KeptAnswer[]) {
  const isNumber = answers.some(({ label }) => typeof label === 'number')
  if (isNumber) return { confidence: null, shareRight: null, surestWrong: null }
  const wrong = answers.filter(({ label, predicted }) => label !== predicted)
  const sure = answers.map(({ confidence }) => confidence ?? 0)
  return {
    confidence: answers.length === 0 ? null : sure.reduce((a, b) => a + b, 0) / answers.length,
    shareRight: answers.length === 0 ? 1 : 1 - wrong.length / answers.length,
    surestWrong: wrong.length === 0 ? null : Math.max(...wrong.map(({ confidence }) => confidence ?? 0)),
  }
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
