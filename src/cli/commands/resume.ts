/** `resume`: goes on with a run from its last checkpoint. */
import type { Command } from '../command'
import { exitCodeOf, followRun, sayEnd } from '../training'

export const resume: Command = {
  path: ['resume'],
  positionals: ['RUN'],
  summary: 'Go on with a cancelled, failed or interrupted run from its last checkpoint.',
  options: [],
  async run(context) {
    const services = context.services()
    const { id } = services.runs.find(context.args.positionals[0]!)
    services.runs.resume(id)
    const run = await followRun(context, services, id)
    sayEnd(context, run)
    return exitCodeOf(run.state)
  },
}
