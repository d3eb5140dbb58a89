#!/usr/bin/env python
"""Write docs/look.schema.json, the published JSON Schema of a look file, from the models."""

import json
from pathlib import Path

from kohl.looks.files import schema


def main() -> None:
    target = Path(__file__).parents[1] / "docs" / "look.schema.json"
    target.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
    print(target)


if __name__ == "__main__":
    main()
