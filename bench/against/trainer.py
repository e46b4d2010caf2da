"""Whole optimizer steps of `transformers.Trainer` at its defaults on the CPU. The job: see job.py."""

import tempfile
import time

from job import collator, prepare, report, result


def measure(job: dict) -> dict:
    model, rows = prepare(job)
    from transformers import Trainer, TrainerCallback, TrainingArguments

    shapes = []
    pad = collator()

    def pad_and_note(features: list[dict]) -> dict:
        batch = pad(features)
        shapes.append(tuple(batch["input_ids"].shape))
        return batch

    class Clock(TrainerCallback):
        ends: list[float] = []

        def on_step_end(self, args, state, control, **kwargs):
            self.ends.append(time.perf_counter())

    clock = Clock()
    total = job["warmup_steps"] + job["steps"]
    with tempfile.TemporaryDirectory() as output_dir:
        arguments = TrainingArguments(
            output_dir=output_dir,
            per_device_train_batch_size=job["batch_size"],
            max_steps=total,
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            use_cpu=True,
            seed=job["seed"],
            dataloader_drop_last=True,
        )
        Trainer(model=model, args=arguments, train_dataset=rows, data_collator=pad_and_note, callbacks=[clock]).train()
    first = job["warmup_steps"]
    step_ms = [1000 * (end - start) for start, end in zip(clock.ends[first - 1 :], clock.ends[first:])]
    packages = ["torch", "transformers", "accelerate"]
    return result(job, "transformers.Trainer", step_ms, shapes[first:total], packages)


if __name__ == "__main__":
    report(measure)
