"""A bare PyTorch loop on the CPU. The job: see job.py, and `mode`: forward | forward_backward | optimizer_step.

`optimizer_step` is AdamW (fused, as the Trainer takes it) after clipping the global norm to 1.
"""

import random
import time

from job import collator, prepare, report, result


def measure(job: dict) -> dict:
    model, rows = prepare(job)
    import torch

    pad = collator()
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, weight_decay=0.0, fused=True)
    shuffle = random.Random(job["seed"])

    def batches():
        while True:
            order = shuffle.sample(range(len(rows)), len(rows))
            for start in range(0, len(rows) - job["batch_size"] + 1, job["batch_size"]):
                yield pad([rows[index] for index in order[start : start + job["batch_size"]]])

    def step(batch) -> None:
        if job["mode"] == "forward":
            with torch.no_grad():
                model(**batch)
            return
        model(**batch).loss.backward()
        if job["mode"] == "optimizer_step":
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        optimizer.zero_grad()

    step_ms, shapes = [], []
    stream = batches()
    for index in range(job["warmup_steps"] + job["steps"]):
        started = time.perf_counter()
        batch = next(stream)
        step(batch)
        if index >= job["warmup_steps"]:
            step_ms.append(1000 * (time.perf_counter() - started))
            shapes.append(tuple(batch["input_ids"].shape))
    return result(job, f"torch {job['mode']}", step_ms, shapes, ["torch", "transformers"])


if __name__ == "__main__":
    report(measure)
