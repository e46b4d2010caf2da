/** `bundle import`: a verified bundle copied into the data folder, where `predict` finds it by its path. */
import { resolve } from 'node:path'
import { EXIT, type Command } from '../command'

export const bundleImport: Command = {
  path: ['bundle', 'import'],
  positionals: ['DIR'],
  summary: 'Verify a bundle and copy it into the data folder.',
  options: [],
  async run({ args, out, cwd, services }) {
    const bundle = await services().models.importBundle(resolve(cwd, args.positionals[0]!))
    out.result(bundle, `Imported to ${bundle.path}`)
    return EXIT.done
  },
}
