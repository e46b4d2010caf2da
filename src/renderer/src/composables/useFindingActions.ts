/** What the button of a finding does. */
import { useRouter } from 'vue-router'
import type { Finding, RunDetail } from '../../../shared/domain/run'
import { useModels } from '../stores/models'
import { useNotices } from '../stores/notices'
import { useTrainForm } from '../stores/trainForm'

type FindingAction = NonNullable<Finding['action']>

export function useFindingActions(): (run: RunDetail, action: FindingAction) => void {
  const router = useRouter()
  const form = useTrainForm()
  const models = useModels()
  const notices = useNotices()

  async function act(run: RunDetail, action: FindingAction): Promise<void> {
    switch (action.kind) {
      case 'open-run':
        await router.push(`/runs/${run.id}`)
        break
      case 'export':
        await models.exportBundle(run.id)
        await router.push('/models')
        break
      case 'train-again':
        await form.cloneFrom(run.config)
        if (action.set) form.apply(action.set)
        await router.push('/train')
        break
      case 'open-data':
        await router.push('version' in run.config.dataset ? `/data/${run.config.dataset.version}` : '/data')
        break
      case 'compare':
        await router.push('/runs')
        break
    }
  }

  return (run, action) => void notices.attempt(`${action.label}:`, () => act(run, action))
}
