/** `kill -9` at random moments: 20 times here, as often as TUNESMITH_KILLS says by `npm run kill`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { RandomStream } from '../../../src/main/engine/random/stream'
import { drawKill, KilledRun, ROWS_SEEN } from './killedRun'

const KILLS = Number(process.env['TUNESMITH_KILLS'] ?? 20)
const SEED = Number(process.env['TUNESMITH_KILL_SEED'] ?? 1)
/** Then it is left in peace: that it comes to its end is part of the claim. */
const KILLS_A_RUN = 7
const MS_A_KILL = 30_000

const home = mkdtempSync(join(tmpdir(), 'tunesmith-kill-'))
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }))

let reference: Awaited<ReturnType<KilledRun['outcome']>>
beforeAll(async () => {
  const whole = new KilledRun(home, 1)
  await whole.go(null)
  await whole.examine()
  reference = await whole.outcome()
  expect(reference.rowsSeen).toBe(ROWS_SEEN)
}, MS_A_KILL)

it(
  `loses nothing in ${KILLS} kills (seed ${SEED})`,
  async () => {
    const random = new RandomStream(SEED)
    let kills = 0
    for (let number = 2; kills < KILLS; number++) {
      const run = new KilledRun(home, number)
      let state: string | undefined
      for (let ofThis = 0; state !== 'completed';) {
        const kill = kills < KILLS && ofThis < KILLS_A_RUN ? drawKill(random) : null
        const { wasKilled } = await run.go(kill)
        ofThis += Number(wasKilled)
        kills += Number(wasKilled)
        state = (await run.examine())?.state
      }
      expect(await run.outcome(), `run ${number}`).toEqual(reference)
    }
  },
  MS_A_KILL * KILLS,
)
