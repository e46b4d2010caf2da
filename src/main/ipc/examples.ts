import type { Handlers } from '../../shared/ipc/define'
import type { examples as contract } from '../../shared/ipc/examples'
import type { Services } from '../services/create'

export function exampleHandlers({ examples, comparison }: Services): Handlers<typeof contract> {
  return {
    kept: ({ run }) => examples.kept(run),
    page: ({ run, step, query }) => examples.page(run, step, query),
    report: ({ run, step }) => examples.report(run, step),
    slices: ({ run, step, column }) => examples.slices(run, step, column === null ? 'length' : { column }),
    judge: ({ runs, names }) => comparison.judge(runs, names),
  }
}
