/** The engine's process dies in mid-run: the window lives, the run says so, and Resume finishes it. */
import { DataPane } from './pages/data'
import { TrainPane } from './pages/train'
import { expect, test } from './studio'

test('a killed engine leaves an interrupted run that resumes', async ({ open }) => {
  const { app, page } = await open()
  const data = new DataPane(page)
  await data.takeSample.click()
  await data.trainOnThis.click({ timeout: 60_000 })
  const train = new TrainPane(page)
  await train.set({
    max_steps: 200,
    save_strategy: 'steps',
    eval_strategy: 'steps',
    save_steps: 20,
    eval_steps: 20,
    logging_steps: 5,
  })
  await train.start.click()
  await train.expectState('running', 60_000)
  await expect(train.live).toContainText('Checkpoint', { timeout: 60_000 })

  const killed = await app.evaluate(({ app: electron }) => {
    const engine = electron
      .getAppMetrics()
      .find((p) => p.name === 'Tunesmith engine' || p.serviceName === 'Tunesmith engine')
    if (!engine) return false
    process.kill(engine.pid, 'SIGKILL')
    return true
  })
  expect(killed).toBe(true)

  await train.expectState('interrupted', 20_000)
  await page.getByRole('button', { name: 'Resume' }).click()
  await train.expectState('running', 60_000)
  await train.expectState('completed')
})
