/** Actions that can be reached from everywhere: panes, imports, runs and their controls, themes. */
import { computed, type ComputedRef } from 'vue'
import { useRouter, type Router } from 'vue-router'
import type { RunSummary } from '../../../shared/domain/run'
import { RESUMABLE_STATES } from '../../../shared/domain/run'
import type { JobId } from '../../../shared/ids'
import { shortcutText } from '../composables/useShortcut'
import { PANES } from '../panes/registry'
import { useDatasets } from '../stores/datasets'
import { useJobs } from '../stores/jobs'
import { useKnowledge } from '../stores/knowledge'
import { useModels } from '../stores/models'
import type { Command } from '../stores/palette'
import { useRuns } from '../stores/runs'
import { useSettings } from '../stores/settings'
import { useTrainForm } from '../stores/trainForm'

export function useAppCommands(): ComputedRef<Command[]> {
  const router = useRouter()
  return computed(() => [
    ...paneCommands(router),
    ...dataCommands(router),
    ...trainCommands(router),
    ...runCommands(router),
    ...modelCommands(router),
    ...learnCommands(router),
    ...settingsCommands(),
  ])
}

function paneCommands(router: Router): Command[] {
  return PANES.map((pane, i) => ({
    id: `pane-${pane.id}`,
    label: `Go to ${pane.label}`,
    place: 'Pane',
    icon: pane.icon,
    shortcut: shortcutText({ key: String(i + 1), mod: true }),
    run: () => router.push(pane.paths[0]),
  }))
}

function dataCommands(router: Router): Command[] {
  const datasets = useDatasets()
  const jobs = useJobs()
  const show = (job: JobId | null): unknown => job && router.push(`/data/jobs/${job}`)
  return [
    {
      id: 'import-file',
      label: 'Import a file',
      place: 'Data',
      icon: 'data',
      run: async () => show(await datasets.importByDialog()),
    },
    {
      id: 'import-text',
      label: 'Paste rows',
      place: 'Data',
      icon: 'data',
      run: () => router.push('/data?import=text'),
    },
    {
      id: 'import-sample',
      label: 'Take the sample dataset',
      place: 'Data',
      icon: 'data',
      run: async () => show(await datasets.importSample()),
    },
    ...datasets.datasets.map((dataset) => ({
      id: `dataset-${dataset.id}`,
      label: `Open ${dataset.name}`,
      place: 'Data',
      icon: 'data' as const,
      run: () => router.push(`/data/${dataset.latest.id}`),
    })),
    ...jobs.running.map((job) => ({
      id: `cancel-job-${job.id}`,
      label: `Cancel ${job.title}`,
      place: 'Job',
      icon: 'close' as const,
      run: () => jobs.cancel(job.id),
    })),
  ]
}

function trainCommands(router: Router): Command[] {
  const form = useTrainForm()
  return [
    {
      id: 'start-run',
      label: 'Start run',
      place: 'Train',
      icon: 'train',
      shortcut: shortcutText({ key: 'Enter', mod: true }),
      run: async () => {
        await form.recommend()
        await router.push(`/train/${await form.startRun()}`)
      },
    },
    {
      id: 'copy-run-json',
      label: 'Copy as run.json',
      place: 'Train',
      icon: 'train',
      run: () => navigator.clipboard.writeText(form.asRunJson()),
    },
    {
      id: 'measure',
      label: 'Measure time and memory',
      place: 'Train',
      icon: 'train',
      run: async () => {
        await router.push('/train')
        await form.measure()
      },
    },
  ]
}

function runCommands(router: Router): Command[] {
  const runs = useRuns()
  return runs.runs.flatMap((run) => [
    {
      id: `run-${run.id}`,
      label: `Open run ${run.number}, ${run.name}`,
      place: 'Runs',
      icon: 'runs' as const,
      run: () => router.push(`/runs/${run.id}`),
    },
    ...controlCommands(run),
  ])
}

function controlCommands(run: RunSummary): Command[] {
  const runs = useRuns()
  const command = (verb: string, action: () => Promise<unknown>): Command => ({
    id: `${verb}-${run.id}`,
    label: `${verb} ${run.name}`,
    place: 'Runs',
    icon: 'runs',
    run: action,
  })
  if (run.state === 'running')
    return [command('Pause', () => runs.pause(run.id)), command('Cancel', () => runs.cancel(run.id))]
  if (run.state === 'paused')
    return [command('Continue', () => runs.unpause(run.id)), command('Cancel', () => runs.cancel(run.id))]
  if (RESUMABLE_STATES.includes(run.state)) return [command('Resume', () => runs.resume(run.id))]
  if (run.state === 'completed' || run.state === 'stopped')
    return [command('Export a bundle of', () => useModels().exportBundle(run.id))]
  return []
}

function modelCommands(router: Router): Command[] {
  const models = useModels()
  const runs = useRuns()
  return models.bundles.map((bundle) => {
    const name = runs.byId.get(bundle.runId)?.name ?? bundle.id
    return {
      id: `verify-${bundle.id}`,
      label: `Verify bundle of ${name}`,
      place: 'Models',
      icon: 'models' as const,
      run: async () => {
        await router.push(`/models/${bundle.id}`)
        await models.verify(bundle)
      },
    }
  })
}

function learnCommands(router: Router): Command[] {
  return useKnowledge().entries.map(({ id, title }) => ({
    id: `learn-${id}`,
    label: title,
    place: 'Learn',
    icon: 'learn' as const,
    run: () => router.push(`/learn/${id}`),
  }))
}

function settingsCommands(): Command[] {
  const settings = useSettings()
  const onClose = { ask: 'ask', keep: 'go on training', stop: 'stop the run' } as const
  return [
    ...(['system', 'light', 'dark'] as const).map((theme) => ({
      id: `theme-${theme}`,
      label: `Theme: ${theme}`,
      place: 'Settings',
      icon: 'half' as const,
      run: () => settings.save({ theme }),
    })),
    ...(['ask', 'keep', 'stop'] as const).map((choice) => ({
      id: `on-close-${choice}`,
      label: `When the window closes during a run: ${onClose[choice]}`,
      place: settings.settings.onCloseWhileTraining === choice ? 'Settings, now' : 'Settings',
      icon: 'half' as const,
      run: () => settings.save({ onCloseWhileTraining: choice }),
    })),
  ]
}
