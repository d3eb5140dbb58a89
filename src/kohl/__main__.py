"""`python -m kohl` is `kohl`."""

from kohl.cli.main import run

run()
