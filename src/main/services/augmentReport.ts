/** What a report of copies means for whoever asked for them. */
import { REJECT_REASONS, type AugmentReport, type RejectReason } from '../../shared/domain/augmentation'
import { UserError } from '../../shared/errors'

/** @throws UserError where there is nothing to add */
export function requireCopies({ kept, made, rejected }: AugmentReport): void {
  if (kept > 0) return
  const reasons = (Object.entries(rejected) as [RejectReason, number][]).sort((a, b) => b[1] - a[1])
  const why = reasons.map(([reason, count]) => `${count} ${REJECT_REASONS[reason]}`).join(', ')
  throw new UserError(
    'bad-config',
    made === 0 ? 'The recipe makes no copy of any row.' : `None of ${made} copies was kept: ${why}.`,
    {
      hint:
        made === 0
          ? 'Every class has the rows that balance asks for: raise it, or leave it out.'
          : 'Make the steps stronger, or the gates wider.',
    },
  )
}
