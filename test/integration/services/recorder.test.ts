/** The event recorder while the database cannot grow, and when the run belongs to somebody else. */
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { RunEvent } from '../../../src/shared/domain/run'
import type { UserError } from '../../../src/shared/errors'
import type { RunId } from '../../../src/shared/ids'
import type { ServiceContext } from '../../../src/main/services/context'
import { assertFree } from '../../../src/main/services/diskSpace'
import { EventRecorder } from '../../../src/main/services/eventRecorder'
import { openHome } from '../../../src/main/services/home'
import { thisProcess } from '../../../src/main/services/processIdentity'
import type { WritableDB } from '../../../src/main/store/handles'
import { releaseLease, takeLease } from '../../../src/main/store/queries/leases'
import { eventsAfter } from '../../../src/main/store/queries/runEvents'
import { openStore } from '../../../src/main/store/open'
import { addRunning } from '../store/fixtures'
import { temporaryFolder } from '../store/temporary'
import { until } from './studio'

let db: WritableDB
let run: RunId
let recorder: EventRecorder
let heard: { recorded: RunEvent[]; blocked: (UserError | null)[]; broken: unknown[] }

beforeEach(() => {
  const home = openHome(temporaryFolder())
  const owner = thisProcess('cli')
  db = openStore(join(home.root, 'tunesmith.db'))
  run = addRunning(db)
  takeLease(db, 'run', run, owner, 0)
  heard = { recorded: [], blocked: [], broken: [] }
  recorder = new EventRecorder(
    { db, home, owner, now: Date.now, limits: { flushMs: 20 } } as ServiceContext,
    run,
    {
      onRecorded: (events) => heard.recorded.push(...events),
      onBlocked: (error) => heard.blocked.push(error),
      onBroken: (error) => heard.broken.push(error),
    },
  )
  return () => db.close()
})

const note = (text: string): RunEvent => ({ event: 'note', text })
const notes = () =>
  eventsAfter(db, run, 0).flatMap(({ event }) => (event.event === 'note' ? [event.text.slice(0, 5)] : []))

describe('the recorder', () => {
  it('writes events together, those that matter at once', async () => {
    for (const text of ['one', 'two', 'three']) recorder.push(note(text))
    expect(notes()).toEqual(['one'])
    await until(() => notes().length === 3, 'the rest is written')
    recorder.push(note('four'))
    recorder.push({ event: 'state', state: 'paused' })
    expect(notes()).toEqual(['one', 'two', 'three', 'four'])
  })

  it('keeps events while the disk is full, says so, and writes them once there is room', async () => {
    const pages = db.pragma('page_count', { simple: true }) as number
    db.pragma(`max_page_count = ${pages}`)
    recorder.push(note('large '.repeat(20_000)))
    recorder.push(note('after'))
    expect(heard.blocked).toMatchObject([
      { code: 'io', message: expect.stringContaining('disk is full') as string },
    ])
    expect(notes()).toEqual([])
    db.pragma('max_page_count = 100000')
    await until(() => heard.recorded.length === 2, 'the events are written')
    expect(notes()).toEqual(['large', 'after'])
    expect(heard.blocked.at(-1)).toBeNull()
  })

  it('stops when the lease went to another process', () => {
    releaseLease(db, 'run', run)
    recorder.push({ event: 'state', state: 'paused' })
    expect(heard.broken).toMatchObject([{ code: 'conflict' }])
  })
})

describe('free space', () => {
  it('is checked before work begins', () => {
    expect(() => assertFree(temporaryFolder(), 1, 'A run')).not.toThrow()
    expect(() => assertFree(temporaryFolder(), 1e18, 'A run')).toThrow(
      /A run needs about .* of disk, .* are free/,
    )
  })
})
