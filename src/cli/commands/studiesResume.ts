/** `studies resume`: goes on with a study where it was. */
import type { Command } from '../command'
import { followStudy } from '../study'

export const studiesResume: Command = {
  path: ['studies', 'resume'],
  positionals: ['STUDY'],
  summary: 'Go on with a cancelled, failed, stopped or interrupted study.',
  options: [],
  run(context) {
    const services = context.services()
    const { id } = services.studies.find(context.args.positionals[0]!)
    services.studies.resume(id)
    return followStudy(context, services, id)
  },
}
