/** A study in a terminal: a line for each trial as it ends, the lessons at the end, Ctrl-C stops the trials that go. */
import type { StudyDetail, TrialDetail } from '../shared/domain/studyDetail'
import type { StudyId } from '../shared/ids'
import type { Services } from '../main/services/create'
import { EXIT, type CommandContext } from './command'

/** Follows a study of this process to its end. With --json: `study`, `trial` as each ends, `end`. */
export async function followStudy(context: CommandContext, services: Services, id: StudyId): Promise<number> {
  const { out } = context
  const told = new Set<number>()
  out.json({ event: 'study', study: id })
  const tell = (): StudyDetail => {
    const study = services.studies.show(id)
    for (const trial of study.trialList)
      if (trial.endedAtMs !== null && !told.has(trial.number)) {
        told.add(trial.number)
        out.json({ event: 'trial', ...trialLine(trial) })
        out.say(`trial ${trial.number}: ${outcomeOf(trial, study.metric)}  ${shownParams(trial)}`)
      }
    return study
  }
  const stop = services.listen({
    onStudy({ study }) {
      if (study === id) tell()
    },
  })
  context.onInterrupt(() => {
    out.say('Stopping the trials that go. Press Ctrl-C again to end at once.')
    services.studies.cancel(id)
  })
  await services.studies.ended(id)
  stop()
  const study = tell()
  const { state, reason, best, lessons } = study
  out.json({ event: 'end', study: id, state, reason, best, lessons })
  out.text(`Study ${study.number} (${id}) ${state}: ${reason ?? ''}`)
  if (best) {
    const trial = study.trialList[best.trial]!
    out.text(`  best: trial ${best.trial}, ${study.metric} ${best.value.toFixed(4)}  ${shownParams(trial)}`)
  }
  for (const lesson of lessons) out.text(`  ${lesson}`)
  if (state === 'completed' || state === 'stopped') return EXIT.done
  return state === 'cancelled' ? EXIT.cancelled : EXIT.failed
}

export function trialLine({
  number,
  state,
  params,
  value,
  reason,
  runs,
}: TrialDetail): Record<string, unknown> {
  return { trial: number, state, params, value, reason, runs: runs.map(({ run }) => run) }
}

export function outcomeOf({ state, value, reason }: TrialDetail, metric: string): string {
  return value === null ? `${state}${reason ? `, ${reason}` : ''}` : `${metric} ${value.toFixed(4)}`
}

export function shownParams({ params }: TrialDetail): string {
  return Object.entries(params)
    .map(
      ([name, value]) =>
        `${name}=${typeof value === 'number' ? Number(value.toPrecision(4)) : String(value)}`,
    )
    .join(' ')
}
