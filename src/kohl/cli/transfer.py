"""`kohl transfer`: the makeup of a reference photo on a face."""

from __future__ import annotations

from typing import Annotated

import typer

from kohl.cli.app import ONE_PHOTO, app
from kohl.cli.delivery import Delivery, read_photo
from kohl.cli.options import FromReference, Painting, Photo, Showing, Writing
from kohl.cli.verb import verb
from kohl.cli.voice import Voice

Reference = Annotated[str, typer.Argument(metavar="REFERENCE", help="The photo whose makeup is taken.", show_default=False)]


@verb(app, panel=ONE_PHOTO, example="kohl transfer me.jpg reference.jpg -o out.png --only lips,eyes --strength 0.8")
def transfer(photo: Photo, reference: Reference, painting: Painting, source: FromReference, showing: Showing, writing: Writing, voice: Voice) -> None:
    """Put the makeup of a reference photo on the face in a photo."""
    from kohl.api.studio import Studio  # noqa: PLC0415  heavy

    delivery = Delivery.of(photo, showing, writing, voice)
    outcome = Studio().transfer_details(read_photo(photo), reference, **source.knobs(painting))
    delivery.hand_over(outcome, worn="the reference")
