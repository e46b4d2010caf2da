/** `hub search`, `info`, `download` and `list`: models of the Hugging Face Hub, asked for by name. */
import { resolve } from 'node:path'
import type { HubModel } from '../../shared/domain/hub'
import { EXIT, type Command } from '../command'
import { bytes, date, table } from '../format'

const REVISION = { name: 'revision', value: 'REV', help: 'A branch, tag or commit; the default is main.' }

export const hubSearch: Command = {
  path: ['hub', 'search'],
  positionals: ['QUERY'],
  summary: 'Search the Hugging Face Hub for models with safetensors, the most downloaded first.',
  options: [{ name: 'limit', value: 'N', help: 'So many at most; the default is 20.' }],
  async run({ args, out, services }) {
    const { hub } = services()
    const limit = args.number('limit', { least: 1, most: 200, isWhole: true }) ?? 20
    out.say(`Asking ${hub.endpoint()}`)
    const found = await hub.search(args.positionals[0]!, limit)
    for (const model of found) out.json(model)
    if (found.length === 0) out.text('No model found.')
    else
      out.text(
        table(['model', 'type', 'parameters', 'weights', 'licence', 'downloads', ''], found.map(searchRow)),
      )
    return EXIT.done
  },
}

export const hubInfo: Command = {
  path: ['hub', 'info'],
  positionals: ['MODEL'],
  summary: 'Show what a model of the Hub is, and which files a download takes.',
  options: [REVISION],
  async run({ args, out, services }) {
    const { hub } = services()
    out.say(`Asking ${hub.endpoint()}`)
    const model = await hub.info(args.positionals[0]!, args.text('revision') ?? 'main')
    const lines = [
      `${model.name} at ${model.revision}`,
      `  ${model.modelType ?? 'unknown type'}, ${millions(model.parameters)} parameters, licence ${model.license ?? 'not stated'}`,
      ...(model.isGated ? ['  gated: its terms have to be accepted on its page, and HF_TOKEN set'] : []),
      ...(model.obstacle === null ? [] : [`  cannot be trained here: ${model.obstacle}`]),
      ...model.files.map((file) => `  ${bytes(file.bytes).padStart(10)}  ${file.path}`),
      `  ${bytes(model.bytes).padStart(10)}  in all`,
      ...(model.downloadedTo === null ? [] : [`  downloaded to ${model.downloadedTo}`]),
    ]
    out.result(model, lines.join('\n'))
    return EXIT.done
  },
}

export const hubDownload: Command = {
  path: ['hub', 'download'],
  positionals: ['MODEL'],
  summary: 'Download a model; a broken-off download goes on where it was.',
  options: [
    REVISION,
    { name: 'output', value: 'DIR', help: 'A new or empty folder; the default is in the data folder.' },
  ],
  async run(context) {
    const { args, out, cwd } = context
    const { hub, jobs } = context.services()
    const [name] = args.positionals as [string]
    const output = args.text('output')
    out.say(`Asking ${hub.endpoint()}`)
    const job = hub.download({
      name,
      revision: args.text('revision') ?? 'main',
      directory: output === undefined ? null : resolve(cwd, output),
    })
    context.onInterrupt(() => jobs.cancel(job.id))
    const folder = await job.finished
    out.result({ model: name, path: folder }, folder)
    return EXIT.done
  },
}

export const hubList: Command = {
  path: ['hub', 'list'],
  positionals: [],
  summary: 'List the models that were downloaded into the data folder.',
  options: [],
  run({ out, services }) {
    const models = services().hub.downloaded()
    for (const model of models) out.json(model)
    if (models.length === 0) out.text('Nothing is downloaded yet. tunesmith hub search finds models.')
    else
      out.text(
        table(
          ['model', 'revision', 'size', 'licence', 'downloaded (UTC)'],
          models.map(({ name, revision, bytes: size, license, downloadedAtMs }) => [
            name,
            revision.slice(0, 12),
            bytes(size),
            license ?? '–',
            date(downloadedAtMs),
          ]),
        ),
      )
    return EXIT.done
  },
}

function searchRow({
  name,
  modelType,
  parameters,
  weightBytes,
  license,
  downloads,
  obstacle,
}: HubModel): string[] {
  return [
    name,
    modelType ?? '–',
    millions(parameters),
    weightBytes === null ? '–' : bytes(weightBytes),
    license ?? '–',
    String(downloads),
    obstacle === null ? '' : 'not built',
  ]
}

function millions(parameters: number | null): string {
  return parameters === null ? '–' : `${(parameters / 1e6).toFixed(1)} M`
}
