/** Options of metrics as the command line takes them: `metric.option=value`, checked by the metric's own schema. */
import { z } from 'zod'
import { UserError } from '../../shared/errors'
import { nearestName } from '../../shared/nearest'
import type { Metric } from './metric'

/**
 * Complete options of each metric by its id; those not given are the metric's defaults.
 * @throws UserError `bad-input` for a metric that is not computed, an option it does not have, a value it does not take
 */
export function metricOptions(settings: readonly string[], metrics: readonly Metric[]): Map<string, unknown> {
  const given = new Map<string, Record<string, unknown>>(metrics.map(({ id }) => [id, {}]))
  for (const setting of settings) {
    const [, id, name, text] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(setting) ?? []
    if (id === undefined || name === undefined || text === undefined)
      throw refused(`--set takes metric.option=value, not ${setting}.`, 'As in --set bleu.lowercase=true')
    const own = given.get(id)
    if (!own)
      throw refused(
        `--set names ${id}, which is not computed.`,
        `--metrics has ${[...given.keys()].join(', ')}.`,
      )
    own[name] = valueOf(text)
  }
  return new Map(metrics.map((metric) => [metric.id, checked(metric, given.get(metric.id)!)]))
}

function checked({ id, params }: Metric, given: Record<string, unknown>): unknown {
  const known = params instanceof z.ZodObject ? Object.keys(params.shape) : []
  const stranger = Object.keys(given).find((name) => !known.includes(name))
  if (stranger !== undefined) {
    const near = nearestName(stranger, known)
    throw refused(
      `${id} has no option ${stranger}.`,
      near ? `Did you mean ${near}?` : known.length > 0 ? `It has ${known.join(', ')}.` : 'It has none.',
    )
  }
  const result = params.safeParse(given)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  throw refused(`${id}.${issue.path.map(String).join('.')}: ${issue.message}.`)
}

/** JSON, or else a text. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function refused(message: string, hint?: string): UserError {
  return new UserError('bad-input', message, { where: { field: '--set' }, ...(hint && { hint }) })
}
