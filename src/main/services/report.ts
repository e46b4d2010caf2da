/** Runs as one HTML page: what the services know of them, put together. */
import { MOST_COMPARED } from '../../shared/domain/comparison'
import { UserError } from '../../shared/errors'
import type { RunId } from '../../shared/ids'
import { runReport } from '../../shared/report/page'
import type { ComparisonService } from './comparison'
import type { HistoryService } from './history'
import type { RunsService } from './runs'

const CURVES = ['loss', 'grad_norm', 'learning_rate']
const POINTS = 600

export interface ReportService {
  /** @throws UserError `bad-input` for more runs than can be compared, `not-found` */
  html(runs: readonly RunId[], nowMs: number): Promise<string>
}

export function reportService(
  runs: RunsService,
  history: HistoryService,
  comparison: ComparisonService,
): ReportService {
  return {
    async html(ids, nowMs) {
      if (ids.length > MOST_COMPARED)
        throw new UserError('bad-input', `${ids.length} runs are more than one report holds.`, {
          hint: `Take at most ${MOST_COMPARED}.`,
        })
      const reported = ids.map((run) => {
        const { tags, note } = history.annotations(run)
        return { detail: runs.show(run), series: runs.series(run, CURVES, POINTS), tags, note }
      })
      const names = reported.map(({ detail }) => detail.name)
      const judgements = ids.length < 2 ? [] : await comparison.judge(ids, names)
      return runReport(reported, judgements, nowMs)
    },
  }
}
