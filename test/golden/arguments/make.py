"""Names, types and defaults of `transformers.TrainingArguments`, and the names it had before, into arguments.json.

`python make.py WHEEL …`: wheels of older versions (`pip download --no-deps transformers==4.57.1`); they are read, not
installed.
"""

import ast
import dataclasses
import enum
import sys
import types
import typing
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from transformers import TrainingArguments  # noqa: E402

from golden import made_with, write_json  # noqa: E402


def names_of(kind) -> list[str]:
    """The types of a union by their plain names; an enum's is `enum`."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return [name for part in typing.get_args(kind) for name in names_of(part)]
    if typing.get_origin(kind) is typing.Literal:
        return ["literal"]
    if kind is type(None):
        return ["None"]
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return ["enum"]
    return [typing.get_origin(kind).__name__ if typing.get_origin(kind) else kind.__name__]


def choices_of(kind) -> list[str]:
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return [choice for part in typing.get_args(kind) for choice in choices_of(part)]
    return [member.value for member in kind] if isinstance(kind, type) and issubclass(kind, enum.Enum) else []


def argument(field: dataclasses.Field) -> dict:
    default = field.default if field.default_factory is dataclasses.MISSING else field.default_factory()
    choices = choices_of(field.type)
    return {
        "name": field.name,
        "types": names_of(field.type),
        "default": default.value if isinstance(default, enum.Enum) else default,
        **({"choices": choices} if choices else {}),
    }


def names_in(wheel: Path) -> list[str]:
    source = zipfile.ZipFile(wheel).read("transformers/training_args.py").decode()
    module = ast.parse(source)
    found = next(
        node for node in module.body if isinstance(node, ast.ClassDef) and node.name == "TrainingArguments"
    )
    return [line.target.id for line in found.body if isinstance(line, ast.AnnAssign)]


def main() -> None:
    arguments = [argument(field) for field in dataclasses.fields(TrainingArguments) if field.init]
    today = {one["name"] for one in arguments}
    former: dict[str, str] = {}
    for wheel in sorted((Path(name) for name in sys.argv[1:]), key=lambda path: path.name):
        for name in names_in(wheel):
            if name not in today and not name.startswith("_") and name != "framework":
                former[name] = wheel.name.split("-")[1]
    if not former:
        raise SystemExit("Name the wheels of older versions.")
    write_json(
        HERE / "arguments.json",
        {
            "made_with": made_with("transformers"),
            "arguments": arguments,
            "former": [{"name": name, "last_seen_in": version} for name, version in sorted(former.items())],
        },
    )


main()
