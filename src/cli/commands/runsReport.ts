/** `runs report`: a run, or several side by side, as one HTML file that needs nothing else. */
import { resolve } from 'node:path'
import { writeFile } from '../../main/services/userFile'
import type { Command } from '../command'
import { EXIT } from '../command'

export const runsReport: Command = {
  path: ['runs', 'report'],
  positionals: ['RUN', '[RUN…]'],
  summary: 'Write a run, or several compared, as one HTML page.',
  options: [{ name: 'output', value: 'F.html', help: 'The file; report.html where it is left out.' }],
  async run({ args, out, cwd, services }) {
    const { runs, report } = services()
    const ids = args.positionals.map((reference) => runs.find(reference).id)
    const html = await report.html(ids, Date.now())
    const path = resolve(cwd, args.text('output') ?? 'report.html')
    writeFile(path, html)
    out.result({ path }, `Written to ${path}`)
    return EXIT.done
  },
}
