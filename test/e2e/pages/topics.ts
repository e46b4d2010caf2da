/** A small table of texts and their topics, in three classes. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import type { Studio } from '../studio'
import { DataPane } from './data'
import { TrainPane } from './train'

const TEXTS = { weather: 'rain and wind all day', cooking: 'salt in the soup', sport: 'the team won' }

/** Imports it and goes on to Train. */
export async function trainOnTopics({ app, page, home }: Studio): Promise<TrainPane> {
  const file = join(home, 'topics.csv')
  const lines = Object.entries(TEXTS).flatMap(([topic, text]) =>
    Array.from({ length: 40 }, (_, i) => `"${text} ${i}",${topic}`),
  )
  writeFileSync(file, ['text,topic', ...lines].join('\n'))
  const data = new DataPane(page)
  await data.importFile(app, file)
  await expect(data.classes).toContainText('weather', { timeout: 60_000 })
  await data.trainOnThis.click()
  return new TrainPane(page)
}
