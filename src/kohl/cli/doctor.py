"""`kohl doctor`: whether everything is there and works."""

from __future__ import annotations

from dataclasses import asdict

from kohl.cli.app import AROUND, app
from kohl.cli.verb import verb
from kohl.cli.voice import Voice
from kohl.core.errors import MissingPartError


@verb(app, panel=AROUND, example="kohl doctor")
def doctor(voice: Voice) -> None:
    """Say what is installed, what is missing and what to type for it, and make up the sample as a test."""
    from kohl.api.checkup import check_up  # noqa: PLC0415  heavy

    findings = check_up()
    sick = [finding.part for finding in findings if finding.needed and not finding.ok]
    width = max(len(finding.part) for finding in findings)
    marks = {(True, True): "ok  ", (True, False): "ok  ", (False, True): "FAIL", (False, False): "none"}
    lines = [f"{marks[finding.ok, finding.needed]}  {finding.part:{width}}  {finding.detail}" for finding in findings]
    voice.result("\n".join(lines), {"findings": [asdict(finding) for finding in findings]}, ok=not sick)
    if sick:
        raise MissingPartError(f"kohl cannot work here: {', '.join(sick)}; the lines marked FAIL say what to do")
