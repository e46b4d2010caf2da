/** Whether a path is one the studio itself made or was given: the only ones that a window may ask to show. */
import { isAbsolute, relative, resolve } from 'node:path'
import type { DatasetsService } from './datasets'
import type { Home } from './home'
import type { ModelsService } from './models'
import type { RunsService } from './runs'

export function isKnownPath(
  path: string,
  services: { home: Home; runs: RunsService; datasets: DatasetsService; models: ModelsService },
): boolean {
  const wanted = resolve(path)
  const isInside = (folder: string) => {
    const inside = relative(folder, wanted)
    return inside === '' || (!inside.startsWith('..') && !isAbsolute(inside))
  }
  if (isInside(services.home.root)) return true
  if (services.models.bundles().some((bundle) => isInside(bundle.path))) return true
  const sources = services.datasets.list().map(({ latest: { source } }) => source)
  if (sources.some((source) => source.kind === 'file' && resolve(source.path) === wanted)) return true
  return services.runs.outputDirs().some(isInside)
}
