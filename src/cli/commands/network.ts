/** `network`: everything the studio asked of the network, and why. */
import { EXIT, type Command } from '../command'
import { date, table } from '../format'

export const network: Command = {
  path: ['network'],
  positionals: [],
  summary: 'Show what was asked of the network, the newest first.',
  options: [{ name: 'limit', value: 'N', help: 'So many at most; the default is 100.' }],
  run({ args, out, services }) {
    const limit = args.number('limit', { least: 1, most: 10_000, isWhole: true }) ?? 100
    const attempts = services().network.attempts(limit)
    for (const attempt of attempts) out.json(attempt)
    if (attempts.length === 0) out.text('Nothing was ever asked of the network from this data folder.')
    else
      out.text(
        table(
          ['time (UTC)', 'by', 'because of', 'answer', 'request'],
          attempts.map(({ atMs, origin, purpose, outcome, method, url }) => [
            date(atMs),
            origin,
            purpose ?? 'nobody asked',
            outcome ?? 'none',
            `${method} ${url}`,
          ]),
        ),
      )
    return EXIT.done
  },
}
