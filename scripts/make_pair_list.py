"""Draws the committed list of pairs of the portraits' test split: src/kohl/evaluation/protocol/sets/portraits-100.csv.

python scripts/make_pair_list.py FACES_FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from kohl.evaluation.protocol.portraits import PAIR_LIST, write_pair_list

if __name__ == "__main__":
    write_pair_list(Path(sys.argv[1]))
    print(f"{PAIR_LIST.name} written")
