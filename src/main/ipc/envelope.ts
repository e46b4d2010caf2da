/** Results and errors in the form that crosses to the window. A bug shows as a report id, its stack stays in the log. */
import type { z } from 'zod'
import { UserError } from '../../shared/errors'
import type { Envelope } from '../../shared/ipc/bridge'
import { reportBug, type Log } from '../services/log'

export async function inEnvelope(log: Log, work: () => unknown): Promise<Envelope> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (error instanceof UserError) return { ok: false, error: error.toData() }
    const report = reportBug(log, error)
    return {
      ok: false,
      error: {
        code: 'environment',
        message: `Internal error (report ${report}).`,
        hint: 'This is a fault of Tunesmith, not of your data; the log folder has the details.',
      },
    }
  }
}

/** @throws UserError `bad-input` naming the field */
export function parseInput(schema: z.ZodType, channel: string, input: unknown): unknown {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  const field = issue.path.map(String).join('.')
  throw new UserError('bad-input', `${channel}: ${issue.message}.`, { where: { field: field || '(input)' } })
}
