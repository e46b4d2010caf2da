/** `runs script`: the run as a Python script for the Transformers Trainer, with its rows and starting weights. */
import { resolve } from 'node:path'
import type { Command } from '../command'
import { EXIT } from '../command'

export const runsScript: Command = {
  path: ['runs', 'script'],
  positionals: ['RUN'],
  summary: 'Write a run as a Python script for the Transformers Trainer.',
  options: [
    {
      name: 'output',
      value: 'F.py',
      help: 'The script; F-files/ beside it gets rows and starting weights. Left out: the script alone, on stdout.',
    },
  ],
  async run({ args, out, cwd, services }) {
    const { runs } = services()
    const { id } = runs.find(args.positionals[0]!)
    const file = args.text('output')
    if (file === undefined) {
      const script = runs.script(id)
      out.json({ event: 'script', run: id, script })
      out.text(script.trimEnd())
      return EXIT.done
    }
    const saved = await runs.saveScript(id, resolve(cwd, file)).finished
    out.result({ ...saved }, `Written to ${saved.path}, with ${saved.files}`)
    return EXIT.done
  },
}
