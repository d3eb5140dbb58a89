"""`kohl apply`: a look on a face."""

from __future__ import annotations

from kohl.cli.app import ONE_PHOTO, app
from kohl.cli.delivery import Delivery, read_photo
from kohl.cli.options import Painting, Photo, Showing, Wearing, Writing
from kohl.cli.verb import verb
from kohl.cli.voice import Voice


@verb(app, panel=ONE_PHOTO, example='kohl apply me.jpg --look "smoky plum eyes, matte red lips" -o out.png')
def apply(photo: Photo, wearing: Wearing, painting: Painting, showing: Showing, writing: Writing, voice: Voice) -> None:
    """Put a look on the face in a photo."""
    from kohl.api.studio import Studio  # noqa: PLC0415  heavy
    from kohl.cli.hearing import hear  # noqa: PLC0415  brings the look models

    delivery = Delivery.of(photo, showing, writing, voice)
    look, heard = hear(wearing, voice, explain=showing.explain)
    outcome = Studio().apply_details(read_photo(photo), look, **painting.knobs())
    delivery.hand_over(outcome, worn="the look", heard=heard)
