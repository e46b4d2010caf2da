/** Changes, by whichever process, as events of the contract. */
import type { ContractEmitters } from '../../shared/ipc/contract'
import type { RunEvent } from '../../shared/domain/run'
import type { Services } from '../services/create'

export function forwardEvents(services: Services, emit: ContractEmitters): () => void {
  return services.listen({
    onRun: emit.runs.onChanged,
    onRunEvents(news) {
      emit.runs.onEvents(news)
      const failure = news.events.find(isFailure)
      if (failure) {
        const message = failure.reason ?? 'The run failed.'
        emit.runs.onProblem({ run: news.run, error: { code: 'environment', message } })
      }
    },
    onRunDeleted: emit.runs.onDeleted,
    onDataset: emit.datasets.onChanged,
    onDatasetDeleted: emit.datasets.onDeleted,
    onKnowledge: () => emit.knowledge.onChanged({}),
    onJob: emit.app.onJob,
    onStudy: emit.studies.onChanged,
    onSettings: () => emit.app.onSettings(services.settings.read()),
  })
}

function isFailure(event: RunEvent): event is Extract<RunEvent, { event: 'state' | 'end' }> {
  return (event.event === 'state' || event.event === 'end') && event.state === 'failed'
}
