/** Exported bundles; they outlive their runs. */
import type { Bundle } from '../../../shared/domain/bundle'
import { allRows, change, type ReadableDB, type WritableDB } from '../handles'
import { toBundle, type BundleRow } from '../rows'

/** A bundle exported to the same folder again takes the place of the former. */
export function insertBundle(db: WritableDB, bundle: Bundle): void {
  change(
    db,
    `INSERT OR REPLACE INTO bundles (id, run_id, path, size_bytes, sha256, parity_json, created_at_ms)
     VALUES ($id, $run, $path, $sizeBytes, $sha256, $parity, $atMs)`,
    {
      id: bundle.id,
      run: bundle.runId,
      path: bundle.path,
      sizeBytes: bundle.sizeBytes,
      sha256: bundle.sha256,
      parity: JSON.stringify(bundle.parity),
      atMs: bundle.createdAtMs,
    },
  )
}

export function listBundles(db: ReadableDB): Bundle[] {
  return allRows<BundleRow>(db, 'SELECT * FROM bundles ORDER BY created_at_ms DESC').map(toBundle)
}

export function deleteBundlesUnder(db: WritableDB, folder: string): void {
  const prefix = `${folder}/`
  change(db, 'DELETE FROM bundles WHERE substr(path, 1, length($prefix)) = $prefix', { prefix })
}
