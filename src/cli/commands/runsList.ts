/** `runs list`: the history, newest first; searched, ordered and with columns of one's own. */
import { resolve } from 'node:path'
import type { RunSummary } from '../../shared/domain/run'
import type { RunCell, RunTable } from '../../shared/domain/runTable'
import { UserError } from '../../shared/errors'
import { fieldKey, resolveField } from '../../shared/filter/fields'
import { TABLE_FORMATS, tableFile, type TableFormat } from '../../shared/report/tableFile'
import { orderBy } from '../../shared/runOrder'
import { writeFile } from '../../main/services/userFile'
import type { HistoryService } from '../../main/services/history'
import type { Command } from '../command'
import { EXIT } from '../command'
import { date, figures, table } from '../format'

export const runsList: Command = {
  path: ['runs', 'list'],
  positionals: [],
  summary: 'List runs, newest first.',
  options: [
    { name: 'filter', value: 'FILTER', help: 'Only these: "accuracy > 0.9 and tags = baseline".' },
    { name: 'sort', value: 'FIELD[:desc]', help: 'In the order of a field, such as accuracy:desc.' },
    {
      name: 'columns',
      value: 'A,B,…',
      help: 'Show these fields: name,params.learning_rate,metrics.eval_loss.min.',
    },
    { name: 'output', value: 'F.csv|F.json', help: 'Write them to a file, raw values under these names.' },
  ],
  run({ args, out, cwd, services }) {
    const { history, runs } = services()
    const [sorted, direction] = (args.text('sort') ?? '').split(':')
    if (direction !== undefined && direction !== 'desc' && direction !== 'asc')
      throw new UserError('bad-input', `--sort takes FIELD, FIELD:asc or FIELD:desc, not :${direction}.`)
    const output = args.text('output')
    const columns = (args.text('columns') ?? (output === undefined ? '' : FILE_COLUMNS))
      .split(',')
      .filter(Boolean)
      .map((name) => keyOf(history, name))
    const sort = sorted ? keyOf(history, sorted) : null
    const found = history.table({
      filter: args.text('filter') ?? '',
      columns: [...columns, ...(sort === null ? [] : [sort])],
    })
    const order =
      sort === null ? found.runs.map((_, i) => i) : orderBy(found.columns[sort]!, direction === 'desc')
    if (output !== undefined) {
      const path = resolve(cwd, output)
      writeFile(path, tableFile(found, order, columns, formatOf(path)))
      out.result({ path, runs: order.length }, `${order.length} runs written to ${path}`)
      return EXIT.done
    }
    const summaries = new Map(runs.list().map((run) => [run.id, run]))
    const listed = order.map((place) => ({ place, run: summaries.get(found.runs[place]!)! }))
    for (const { place, run } of listed)
      out.json(columns.length > 0 ? { ...run, columns: cellsOf(found, columns, place) } : run)
    if (listed.length === 0)
      out.text(
        summaries.size === 0 ? 'No runs yet. tunesmith sample makes one.' : 'No run matches the filter.',
      )
    else if (columns.length === 0)
      out.text(
        table(
          HEAD,
          listed.map(({ run }) => rowOf(run)),
        ),
      )
    else
      out.text(
        table(
          ['no', ...columns],
          listed.map(({ run, place }) => [
            String(run.number),
            ...columns.map((column) => shown(column, found.columns[column]![place]!)),
          ]),
        ),
      )
    return EXIT.done
  },
}

const FILE_COLUMNS =
  'number,name,status,dataset,model,tags,params.learning_rate,params.seed,metrics.loss.last,step,duration,created'

/** @throws UserError `bad-input` */
function formatOf(path: string): TableFormat {
  const format = TABLE_FORMATS.find((one) => path.toLowerCase().endsWith(`.${one}`))
  if (format) return format
  throw new UserError('bad-input', 'The file should end with .csv or .json.', { where: { file: path } })
}

const HEAD = ['no', 'id', 'name', 'state', 'data', 'model', 'best', 'created (UTC)']

function rowOf(run: RunSummary): string[] {
  return [
    String(run.number),
    run.id,
    run.name,
    run.state,
    run.datasetName,
    run.modelName,
    run.bestEval ? figures(run.bestEval, run.problem).split(',')[0]! : '–',
    date(run.createdAtMs),
  ]
}

/** @throws UserError `bad-input` for a field that no run has */
function keyOf(history: HistoryService, name: string): string {
  const field = resolveField(name.trim(), history.catalogue())
  if (field) return fieldKey(field)
  throw new UserError('bad-input', `No run has ${name.trim()}.`, {
    hint: 'docs/cli.md lists what there is: attributes, params.NAME, metrics.NAME.',
  })
}

function cellsOf(found: RunTable, columns: readonly string[], place: number): Record<string, RunCell> {
  return Object.fromEntries(columns.map((column) => [column, found.columns[column]![place]!]))
}

function shown(column: string, cell: RunCell): string {
  if (cell === null) return '–'
  if (typeof cell === 'number')
    return ['created', 'started', 'ended'].includes(column) ? date(cell) : String(Number(cell.toPrecision(6)))
  return typeof cell === 'object' ? cell.join(', ') : String(cell)
}
