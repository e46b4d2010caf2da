// A study from the terminal: its lines, its list, its refusals; the stub worker behind it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { tinyStudy } from '../services/studyConfigs'
import { temporaryFolder } from '../store/temporary'
import { tunesmith } from './terminal'

it('tunes, lists and shows a study, and says what is wrong with one', async () => {
  const home = temporaryFolder()
  const study = (more: Record<string, unknown>): string => {
    const file = join(home, 'study.json')
    writeFileSync(file, JSON.stringify(tinyStudy(more)))
    return file
  }
  const config = study({ n_trials: 2, enqueue: [{ learning_rate: 1e-3 }], name: 'rates' })
  const tuned = await tunesmith(['tune', '--config', config, '--json'], { home })
  expect(tuned.code).toBe(0)
  expect(tuned.lines.map(({ event }) => event)).toEqual(['study', 'trial', 'trial', 'end'])
  expect(tuned.lines[1]).toMatchObject({
    trial: 0,
    state: 'complete',
    params: { learning_rate: 1e-3 },
    value: 1,
  })
  expect(tuned.lines[3]).toMatchObject({ state: 'completed', best: { trial: 0, value: 1 } })

  const listed = await tunesmith(['studies', 'list'], { home })
  expect(listed.stdout).toMatch(/rates\s+completed\s+2 complete, 0 pruned, 0 failed\s+accuracy 1\.0000/)
  const shown = await tunesmith(['studies', 'show', '1'], { home })
  expect(shown.stdout).toMatch(/0\s+accuracy 1\.0000\s+learning_rate=0\.001/)
  const resumed = await tunesmith(['studies', 'resume', '1'], { home })
  expect([resumed.code, resumed.stderr]).toEqual([2, expect.stringContaining('nothing to resume')])

  const wrong = await tunesmith(['tune', '--config', study({ sampler: { type: 'tpe', gama: 1 } })], { home })
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('gama')])
  const missing = await tunesmith(['tune', '--config', 'nowhere.json'], { home })
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining('cannot be read')])
})
