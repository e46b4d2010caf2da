"""Small Parquet files as pyarrow writes them: one a compression, in two row groups, and one that holds bytes."""

from datetime import datetime, timezone
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

here = Path(__file__).parent
table = pa.table(
    {
        "text": pa.array(["Grüße aus Köln", "two", None, "猫が好き 🐈"], pa.string()),
        "label": pa.array(["a", "b", "a", "b"]).dictionary_encode(),
        "stars": pa.array([1, 2, None, 9007199254740993], pa.int64()),
        "score": pa.array([0.5, float("nan"), 1.0, -2.25], pa.float64()),
        "tokens": pa.array([["Grüße", "aus"], [], None, ["猫"]], pa.list_(pa.string())),
        "meta": pa.array([{"author": "Ann", "on": True}, {"author": None, "on": False}, None, {"author": "Bo", "on": True}]),
        "at": pa.array([datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)] * 4, pa.timestamp("us", "UTC")),
    }
)
for compression in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
    pq.write_table(table, here / f"{compression}.parquet", compression=compression, row_group_size=2)
bytes_table = pa.table({"text": ["fine", "not"], "picture": pa.array([None, b"\xff\xfe\x00"], pa.binary())})
pq.write_table(bytes_table, here / "bytes.parquet")
