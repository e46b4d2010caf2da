/** Branded identifiers: a RunId is a string that cannot be passed where a DatasetId is wanted. */
import { z } from 'zod'

const id = <B extends string>(brand: B) => z.string().min(1).max(64).brand(brand)

export const RunId = id('RunId')
export type RunId = z.infer<typeof RunId>
export const DatasetId = id('DatasetId')
export type DatasetId = z.infer<typeof DatasetId>
export const DatasetVersionId = id('DatasetVersionId')
export type DatasetVersionId = z.infer<typeof DatasetVersionId>
export const CheckpointId = id('CheckpointId')
export type CheckpointId = z.infer<typeof CheckpointId>
export const BundleId = id('BundleId')
export type BundleId = z.infer<typeof BundleId>
export const JobId = id('JobId')
export type JobId = z.infer<typeof JobId>
export const TokenizerId = id('TokenizerId')
export type TokenizerId = z.infer<typeof TokenizerId>
export const StudyId = id('StudyId')
export type StudyId = z.infer<typeof StudyId>
export const ViewId = id('ViewId')
export type ViewId = z.infer<typeof ViewId>
