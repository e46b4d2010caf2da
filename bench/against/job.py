"""What the two scripts share: reading the job, rows, the model, memory, and the one line of output.

A job is JSON: on the command line, in a file (`@path`) or on standard input (`-`):

  config        fields of a Hugging Face BertConfig
  rows          [{"input_ids": [...], "labels": 0}, ...], or {"length": 128, "count": 64} for random ids
  rows_file     instead of rows: a JSON Lines file of such rows
  batch_size    rows a step (per_device_train_batch_size)
  dropout       hidden_dropout_prob and attention_probs_dropout_prob
  steps         steps that are measured
  warmup_steps  steps before the clock starts (default 3)
  num_threads   intra-op threads
  seed          default 42
"""

import contextlib
import json
import os
import sys
from importlib.metadata import version
from statistics import median


def read_job() -> dict:
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} JSON | @FILE | -")
    argument = sys.argv[1]
    if argument == "-":
        argument = sys.stdin.read()
    elif argument.startswith("@"):
        with open(argument[1:], encoding="utf-8") as file:
            argument = file.read()
    job = {"warmup_steps": 3, "seed": 42, **json.loads(argument)}
    # Read by OpenMP and MKL when torch is first imported.
    os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(job["num_threads"])
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    return job


def prepare(job: dict):
    """The model in training mode, on the given threads, and the rows."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.set_num_threads(job["num_threads"])
    torch.set_num_interop_threads(1)
    torch.manual_seed(job["seed"])
    config = BertConfig(
        **{
            **job["config"],
            "hidden_dropout_prob": job["dropout"],
            "attention_probs_dropout_prob": job["dropout"],
        }
    )
    model = BertForSequenceClassification(config).train()
    return model, read_rows(job, config)


def read_rows(job: dict, config) -> list[dict]:
    if "rows_file" in job:
        with open(job["rows_file"], encoding="utf-8") as file:
            return [json.loads(line) for line in file]
    rows = job["rows"]
    if isinstance(rows, list):
        return rows
    import torch

    generator = torch.Generator().manual_seed(job["seed"])
    ids = torch.randint(5, config.vocab_size, (rows["count"], rows["length"]), generator=generator)
    labels = torch.randint(0, config.num_labels, (rows["count"],), generator=generator)
    return [{"input_ids": row, "labels": label} for row, label in zip(ids.tolist(), labels.tolist())]


def collator():
    """Pads to the longest row of the batch, as `DataCollatorWithPadding` does by default."""
    from transformers import BertTokenizer, DataCollatorWithPadding

    return DataCollatorWithPadding(BertTokenizer())


def peak_rss_bytes() -> int:
    """The high-water mark of this process image; `ru_maxrss` would include the parent it was forked from."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            line = next(line for line in file if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration):
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024


def result(job: dict, name: str, step_ms: list[float], shapes: list[tuple[int, int]], packages: list[str]) -> dict:
    """`step_ms` and `shapes` (rows, padded length) of the measured steps only."""
    samples = sum(rows for rows, _ in shapes)
    return {
        "name": name,
        "samples_per_second": samples / (sum(step_ms) / 1000),
        "step_ms_mean": sum(step_ms) / len(step_ms),
        "step_ms_median": median(step_ms),
        "step_ms_min": min(step_ms),
        "steps": len(step_ms),
        "batch_size": job["batch_size"],
        "padded_tokens_per_step": sum(rows * length for rows, length in shapes) / len(shapes),
        "dropout": job["dropout"],
        "num_threads": job["num_threads"],
        "peak_rss_bytes": peak_rss_bytes(),
        "made_with": {"python": sys.version.split()[0], **{package: version(package) for package in packages}},
    }


def report(measure) -> None:
    """Runs `measure(job)` and prints its result as one JSON line; whatever libraries print goes to stderr."""
    job = read_job()
    with contextlib.redirect_stdout(sys.stderr):
        line = json.dumps(measure(job))
    print(line)
