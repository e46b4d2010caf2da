/** Models worth offering where a setting names one. */
import type { ModelKind } from '../../../shared/domain/augmentation'
import type { RunSummary } from '../../../shared/domain/run'
import { STARTERS } from '../../../shared/domain/starters'
import type { Problem } from '../../../shared/domain/tasks'

interface Kind {
  starters: boolean
  /** Runs of these, or of all; none where only folders of others will do. */
  problems: readonly Problem[] | 'all'
}

const KINDS: Readonly<Record<ModelKind, Kind>> = {
  'masked-lm': { starters: true, problems: ['masked-lm'] },
  classifier: { starters: false, problems: ['single-label', 'token-classification'] },
  encoder: { starters: true, problems: 'all' },
  'seq2seq-lm': { starters: false, problems: [] },
}

/** Starters, and the runs that left such a model, by their numbers, in the order of `runs`. */
export function modelChoices(kind: ModelKind, runs: readonly RunSummary[]): string[] {
  const { starters, problems } = KINDS[kind]
  const isSuch = ({ state, problem }: RunSummary) =>
    ['completed', 'stopped'].includes(state) && (problems === 'all' || problems.includes(problem))
  return [
    ...(starters ? STARTERS.map(({ name }) => name) : []),
    ...runs.filter(isSuch).map(({ number }) => `#${number}`),
  ]
}
