"""Shared by every make.py: compact JSON, shortest float32 text, and the versions a fixture was made with."""

import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np


def made_with(*packages: str) -> dict[str, str]:
    """Versions of Python and of the named distributions, for the `made_with` field of a fixture."""
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def f32(values):
    """A number or nested lists of the shortest decimals that read back as the same float32."""
    array = np.asarray(values, dtype=np.float32)
    if array.ndim == 0:
        return float(str(array[()]))
    return [f32(item) for item in array]


def write_json(path: Path, value: dict) -> None:
    """One top-level key a line, and one element a line for top-level lists of objects: compact, yet diffs read."""

    def compact(item) -> str:
        return json.dumps(item, ensure_ascii=True, separators=(",", ":"), allow_nan=False)

    lines = []
    for key, item in value.items():
        if isinstance(item, list) and item and isinstance(item[0], dict):
            text = "[\n" + ",\n".join(compact(element) for element in item) + "\n]"
        else:
            text = compact(item)
        lines.append(f"{compact(key)}:{text}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    print(f"{path} {path.stat().st_size / 1000:.1f} kB")
