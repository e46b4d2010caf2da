/** `runs export`: one run as a JSON file, for other tools: summary, config, every logged figure. */
import { resolve } from 'node:path'
import { writeFile } from '../../main/services/userFile'
import type { Command } from '../command'
import { EXIT } from '../command'

export const runsExport: Command = {
  path: ['runs', 'export'],
  positionals: ['RUN'],
  summary: 'Write a run with its whole log as JSON.',
  options: [{ name: 'output', value: 'F.json', help: 'The file; stdout where it is left out.' }],
  run({ args, out, cwd, services }) {
    const { runs } = services()
    const { id } = runs.find(args.positionals[0]!)
    const exported = { ...runs.show(id), log: runs.log(id) }
    const file = args.text('output')
    if (file === undefined) out.data(exported)
    else {
      writeFile(resolve(cwd, file), `${JSON.stringify(exported, null, 2)}\n`)
      out.result({ path: resolve(cwd, file) }, `Written to ${resolve(cwd, file)}`)
    }
    return EXIT.done
  },
}
