/** What a run in progress asks of the desktop: the computer stays awake, and closing the window is a choice. */
import { app, dialog, powerSaveBlocker, type BrowserWindow } from 'electron'
import { ENDED_STATES, type RunSummary } from '../../shared/domain/run'
import type { Services } from '../services/create'

const KEEP = 0
const STOP = 1
const BACK = 2

/** Runs that this process carries out and that have not ended. */
function runsGoing(services: Services): RunSummary[] {
  return services.runs.list().filter((run) => run.owner === 'window' && !ENDED_STATES.includes(run.state))
}

export function stayAwakeWhileTraining(services: Services): void {
  let blocker: number | null = null
  services.listen({
    onRun() {
      const isTraining = runsGoing(services).some((run) => run.state !== 'queued' && run.state !== 'paused')
      if (isTraining) blocker ??= powerSaveBlocker.start('prevent-app-suspension')
      else if (blocker !== null) {
        powerSaveBlocker.stop(blocker)
        blocker = null
      }
    },
  })
}

/**
 * Closing the window while something trains: asks, keeps training without a window, or stops with a checkpoint, as set.
 */
export function guardClosing(window: BrowserWindow, services: Services): void {
  window.on('close', (event) => {
    const going = runsGoing(services)
    if (going.length === 0) return
    const choice = choiceOnClose(window, services, going)
    if (choice === STOP) return
    event.preventDefault()
    if (choice === KEEP) {
      window.hide()
      quitWhenDone(services)
    }
  })
}

function choiceOnClose(window: BrowserWindow, services: Services, going: RunSummary[]): number {
  const { onCloseWhileTraining } = services.settings.read()
  if (onCloseWhileTraining !== 'ask') return onCloseWhileTraining === 'keep' ? KEEP : STOP
  const names = going.map((run) => run.name).join(', ')
  return dialog.showMessageBoxSync(window, {
    type: 'question',
    message: 'A run is still going.',
    detail: `${names}. Stopping writes a checkpoint first; the run can be resumed from it.`,
    buttons: ['Keep Training', 'Stop and Close', 'Back'],
    defaultId: KEEP,
    cancelId: BACK,
  })
}

function quitWhenDone(services: Services): void {
  services.listen({
    onRun() {
      if (runsGoing(services).length === 0) app.quit()
    },
  })
}
