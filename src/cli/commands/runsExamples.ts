/** `runs examples`: the validation rows of a run with what it answered, worst first. */
import {
  EXAMPLE_SORTS,
  type Example,
  type ExampleQuery,
  type ExampleSort,
} from '../../shared/domain/examples'
import type { RunId } from '../../shared/ids'
import type { Answer } from '../../shared/domain/run'
import { UserError } from '../../shared/errors'
import type { Arguments } from '../arguments'
import { EXIT, type Command } from '../command'
import { table } from '../format'

const LIMIT = 20
/** Rows read at once. */
const PAGE = 500

export const runsExamples: Command = {
  path: ['runs', 'examples'],
  positionals: ['RUN'],
  summary: 'Validation rows of a run with text, truth, answer and probabilities, worst loss first.',
  options: [
    {
      name: 'sort',
      value: 'ORDER',
      help: 'loss (highest first), confidence (surest wrong answer first), length, row.',
    },
    { name: 'wrong', help: 'Only rows that were not answered rightly.' },
    { name: 'right-in', value: 'RUN', help: 'Only rows that this other run answered rightly.' },
    { name: 'wrong-in', value: 'RUN', help: 'Only rows that this other run did not answer rightly.' },
    { name: 'right', help: 'Only rows that were answered rightly.' },
    { name: 'label', value: 'CLASS', help: 'Only rows whose true class this is.' },
    { name: 'predicted', value: 'CLASS', help: 'Only rows taken for this class.' },
    { name: 'where', value: 'COLUMN=VALUE', help: 'Only rows whose column holds this value.' },
    { name: 'search', value: 'TEXT', help: 'Only rows that contain this text.' },
    { name: 'step', value: 'N', help: 'The evaluation of this step; the best one by default.' },
    { name: 'limit', value: 'N', help: `Rows to show; ${LIMIT} by default, all with --json.` },
  ],
  run({ args, out, services }) {
    const { runs, examples } = services()
    const run = runs.find(args.positionals[0]!)
    const step = args.number('step', { least: 0, most: Number.MAX_SAFE_INTEGER, isWhole: true }) ?? null
    const limit = args.number('limit', { least: 1, most: Number.MAX_SAFE_INTEGER, isWhole: true })
    const filter = filterOf(args, (reference) => runs.find(reference).id)
    const first = examples.page(run.id, step, { ...filter, offset: 0, limit: PAGE })
    const wanted = Math.min(limit ?? (out.isJson ? first.rows : LIMIT), first.rows)
    const shown = first.examples.slice(0, wanted)
    while (shown.length < wanted) {
      const query = { ...filter, offset: shown.length, limit: Math.min(PAGE, wanted - shown.length) }
      shown.push(...examples.page(run.id, step, query).examples)
    }
    for (const { prediction, ...example } of shown) out.json({ ...example, ...prediction })
    const hasOther = filter.other != null
    const wrong = first.wrong === null ? '' : `, ${first.wrong} not right`
    out.text(`${first.rows} rows${wrong}, mean loss ${(first.meanLoss ?? NaN).toFixed(3)}`)
    const head = ['row', 'loss', 'sure', 'true', 'answer', ...(hasOther ? ['other answer'] : []), 'text']
    out.text(table(head, shown.map(cells)))
    return EXIT.done
  },
}

function filterOf(
  args: Arguments,
  find: (reference: string) => RunId,
): Omit<ExampleQuery, 'offset' | 'limit'> {
  const sort = args.text('sort') ?? 'loss'
  if (!EXAMPLE_SORTS.includes(sort as ExampleSort))
    throw new UserError('bad-input', `Rows cannot be sorted by ${sort}.`, {
      where: { field: '--sort' },
      hint: `Orders are ${EXAMPLE_SORTS.join(', ')}.`,
    })
  return {
    sort: sort as ExampleSort,
    judged: oneOf(args, 'wrong', 'right') ?? null,
    other: otherOf(args, find),
    label: args.text('label') ?? null,
    predicted: args.text('predicted') ?? null,
    slice: sliceOf(args.text('where')),
    search: args.text('search') ?? null,
  }
}

function otherOf(args: Arguments, find: (reference: string) => RunId): ExampleQuery['other'] {
  const option = oneOf(args, 'right-in', 'wrong-in')
  if (option === undefined) return null
  return { run: find(args.text(option)!), judged: option === 'right-in' ? 'right' : 'wrong' }
}

/** @throws UserError where both are given */
function oneOf<A extends string, B extends string>(args: Arguments, one: A, other: B): A | B | undefined {
  if (args.has(one) && args.has(other))
    throw new UserError('bad-input', `--${one} and --${other} contradict each other.`)
  return args.has(one) ? one : args.has(other) ? other : undefined
}

function sliceOf(given: string | undefined): { column: string; value: string } | null {
  if (given === undefined) return null
  const at = given.indexOf('=')
  if (at > 0) return { column: given.slice(0, at), value: given.slice(at + 1) }
  throw new UserError('bad-input', `--where takes COLUMN=VALUE, not ${given}.`, {
    where: { field: '--where' },
  })
}

function cells({ ordinal, loss, confidence, prediction, other }: Example): string[] {
  return [
    String(ordinal + 1),
    loss === null ? 'not finite' : loss.toFixed(3),
    confidence === null ? '' : confidence.toFixed(3),
    referenceText(prediction),
    answerText(prediction),
    ...(other ? [answerText(other)] : []),
    prediction.text,
  ]
}

function referenceText({ reference }: Example['prediction']): string {
  return Array.isArray(reference) ? reference.join(' ') : String(reference ?? '')
}

function answerText(answer: Answer): string {
  if ('label' in answer) return answer.label
  if ('labels' in answer) return answer.labels.join(' ')
  if ('value' in answer) return String(Number(answer.value.toPrecision(6)))
  if ('tags' in answer) return answer.tags.map((tag) => tag ?? '–').join(' ')
  return answer.fills.map(([best]) => best?.token ?? '').join(' ')
}
