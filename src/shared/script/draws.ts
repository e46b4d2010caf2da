/** The studio's order of rows and its masks in Python: the same numbers as engine/random/stream.ts draws. */
import type { RunConfig } from '../domain/runConfig'
import { literal } from './python'

/** Keys of PURPOSE in engine/random/stream.ts. */
const [ORDER, MASKING, HELD_OUT_MASKING] = [1, 4, 5]

export const DRAWS = `class Draws:
    """Random numbers that are a function of their key alone."""

    def __init__(self, *key):
        self.key, self.count = 0x9E3779B9, 0
        for part in key:
            self.key = self.mix(self.key + part)
            self.key = self.mix(self.key ^ part >> 32)

    @staticmethod
    def mix(x):
        x &= 0xFFFFFFFF
        x = (x ^ x >> 16) * 0x7FEB352D & 0xFFFFFFFF
        x = (x ^ x >> 15) * 0x846CA68B & 0xFFFFFFFF
        return x ^ x >> 16

    def next(self):
        self.count += 1
        return self.mix(self.mix(self.count - 1) ^ self.key)

    def uniform(self):
        return ((self.next() >> 5) * 2**26 + (self.next() >> 6)) / 2**53

    def below(self, n):
        while (x := self.next()) >= 2**32 - 2**32 % n:
            pass
        return x % n`

/** A sampler; where rows change from epoch to epoch, it tells them which one it is. */
export function orderClass({ seed, data_seed }: RunConfig): string {
  return `class StudioOrder(torch.utils.data.Sampler):
    """The order of rows is a function of the seed and the epoch."""

    def __init__(self, rows):
        self.rows, self.epoch = rows, 0

    def set_epoch(self, epoch):
        self.epoch = epoch
        if hasattr(self.rows, "set_epoch"):
            self.rows.set_epoch(epoch)

    def __len__(self):
        return len(self.rows)

    def __iter__(self):
        order, draws = list(range(len(self.rows))), Draws(${literal(data_seed ?? seed)}, ${ORDER}, self.epoch)
        for i in range(len(order) - 1, 0, -1):
            j = draws.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return iter(order)`
}

/** Rows whose masks are drawn when they are asked for. */
export function maskedRowsClass({ seed, mlm_probability, whole_word }: RunConfig): string {
  return `class MaskedRows(torch.utils.data.Dataset):
    """What is masked is a function of the seed, the epoch and the row; validation rows are masked once for all."""

    def __init__(self, rows, is_held_out=False):
        self.rows, self.is_held_out, self.epoch = rows, is_held_out, 0

    def set_epoch(self, epoch):
        self.epoch = epoch

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, row):
        item = dict(self.rows[row])
        ids, words = list(item.pop("input_ids")), item.pop("words")
        key = [${HELD_OUT_MASKING}] if self.is_held_out else [${MASKING}, self.epoch]
        draws = Draws(${literal(seed)}, *key, row)
        drawn = [(draws.uniform(), unit) for unit in self.units(ids, words)]
        chosen = [at for draw, unit in drawn if draw < ${literal(mlm_probability)} for at in unit]
        # A row that draws nothing is asked about what came nearest.
        chosen = chosen or (min(drawn)[1] if drawn else [])
        labels = [-100] * len(ids)
        for at in chosen:
            labels[at], draw = ids[at], draws.uniform()
            if draw < 0.8:
                ids[at] = tokenizer.mask_token_id
            elif draw < 0.8 + 0.1:
                ids[at] = draws.below(len(tokenizer))
        return {**item, "input_ids": ids, "labels": labels}

    @staticmethod
    def units(ids, words):
${
  whole_word
    ? `        """All tokens of a word together."""
        units = {}
        for at, word in enumerate(words):
            if word is not None:
                units.setdefault(word, []).append(at)
        return list(units.values())`
    : `        special = set(tokenizer.all_special_ids)
        return [[at] for at, token in enumerate(ids) if token not in special]`
}`
}
