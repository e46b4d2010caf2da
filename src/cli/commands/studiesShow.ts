/** `studies show`: a study, its trials best first, and what it taught. */
import type { Command } from '../command'
import { EXIT } from '../command'
import { table } from '../format'
import { outcomeOf, shownParams, trialLine } from '../study'

export const studiesShow: Command = {
  path: ['studies', 'show'],
  positionals: ['STUDY'],
  summary: 'Show a study: its trials, the best first, and what it taught.',
  options: [],
  run({ args, out, services }) {
    const { studies } = services()
    const study = studies.show(studies.find(args.positionals[0]!).id)
    const { trialList, ...rest } = study
    out.json({ ...rest, trialList: trialList.map(trialLine) })
    const sign = study.direction === 'minimize' ? 1 : -1
    const rank = (value: number | null) => (value === null ? Infinity : sign * value)
    const rows = [...trialList]
      .sort((a, b) => rank(a.value) - rank(b.value) || a.number - b.number)
      .map((trial) => [String(trial.number), outcomeOf(trial, study.metric), shownParams(trial)])
    out.text(`${study.name} ${study.state}${study.reason ? `: ${study.reason}` : ''}`)
    out.text(table(['trial', 'outcome', 'parameters'], rows))
    for (const lesson of study.lessons) out.text(lesson)
    return EXIT.done
  },
}
