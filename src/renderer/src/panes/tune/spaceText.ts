/** A row of the space editor and the distribution it means. */
import type { RawSpace } from '../../../../shared/domain/suggestedSpaces'

export type RowKind = 'float' | 'log float' | 'int' | 'log int' | 'choices'
export const ROW_KINDS: readonly RowKind[] = ['float', 'log float', 'int', 'log int', 'choices']

export interface SpaceRow {
  name: string
  kind: RowKind
  low: string
  high: string
  step: string
  /** Comma separated; JSON values, else text. */
  choices: string
}

export function rowsOf(space: RawSpace): SpaceRow[] {
  return Object.entries(space).map(([name, d]) =>
    d.type === 'categorical'
      ? { name, kind: 'choices', low: '', high: '', step: '', choices: d.choices.map(String).join(', ') }
      : {
          name,
          kind: d.log ? `log ${d.type}` : d.type,
          low: String(d.low),
          high: String(d.high),
          step: d.step === null || d.step === undefined ? '' : String(d.step),
          choices: '',
        },
  )
}

/** What main checks: a field that is no number goes as it is, so that the problem names it. */
export function spaceOf(rows: readonly SpaceRow[]): Record<string, unknown> {
  return Object.fromEntries(
    rows.map(({ name, kind, low, high, step, choices }): [string, unknown] => {
      if (kind === 'choices')
        return [
          name,
          { type: 'categorical', choices: choices.split(',').map((choice) => valueOf(choice.trim())) },
        ]
      const isLog = kind.startsWith('log')
      return [
        name,
        {
          type: kind.endsWith('int') ? 'int' : 'float',
          low: valueOf(low),
          high: valueOf(high),
          ...(isLog && { log: true }),
          ...(step.trim() !== '' && !isLog && { step: valueOf(step) }),
        },
      ]
    }),
  )
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}
