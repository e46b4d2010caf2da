/** Saves a text or picture where the user says, and tells what became of it. */
import { ipc } from '../ipc'
import { useNotices } from '../stores/notices'

export interface SavedContent {
  /** What the dialog begins with. */
  name: string
  content: string
  encoding?: 'utf8' | 'base64'
}

export function useSaveFile(): (make: () => SavedContent) => void {
  const notices = useNotices()
  return (make) =>
    void notices.attempt('The file was not saved.', async () => {
      const { name, content, encoding = 'utf8' } = make()
      await ipc.history.save({ name: name.replace(/[\\/:*?"<>|]+/g, ' ').slice(0, 100), content, encoding })
    })
}
