"""`kohl looks`: the presets, what a look is made of, and sheets of looks on a photo."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from kohl.cli.app import AROUND, app
from kohl.cli.delivery import read_photo
from kohl.cli.options import Force, Photo, Wearing
from kohl.cli.verb import verb
from kohl.cli.voice import Voice
from kohl.core.atomic import check_writable
from kohl.core.errors import UnknownNameError

looks_app = typer.Typer(no_args_is_help=True, help="List the presets, show what a look is made of, see many of them on a photo.")
app.add_typer(looks_app, name="looks", rich_help_panel=AROUND)

LookArgument = Annotated[
    str, typer.Argument(metavar="LOOK", help="A preset, a learned look (learned/NAME or an .onnx), a look file, or words.", show_default=False)
]
Names = Annotated[
    list[str] | None, typer.Argument(metavar="LOOK...", help="The looks to show; without any: all presets and learned looks that come with kohl.")
]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the sheet.", show_default=False)]
AllowUnknown = Annotated[bool, typer.Option("--allow-unknown", help="Go on when some of the words are not understood.")]
Tag = Annotated[str | None, typer.Option(help="Only the looks with this tag: light, medium, bold, artistic, learned.")]


@dataclass(frozen=True, slots=True)
class SheetShape:
    """How a sheet is laid out."""

    panel: ClassVar[str] = "Sheet"

    columns: Annotated[int, typer.Option(min=1, help="Pictures in a row.")] = 6
    tile_width: Annotated[int, typer.Option(min=64, help="Width of one picture, in pixels.")] = 240


@verb(looks_app, name="list", example="kohl looks list --tag light")
def list_looks(voice: Voice, tag: Tag = None) -> None:
    """List the looks that come with kohl: presets, and looks that a network learned."""
    from kohl.api.listing import list_shipped  # noqa: PLC0415  brings pydantic

    looks = list_shipped()
    tags = {known for look in looks for known in look.tags}
    if tag is not None and tag not in tags:
        raise UnknownNameError("tag", tag, sorted(tags))
    wanted = [look for look in looks if tag is None or tag in look.tags]
    width = max(len(look.name) for look in wanted)
    lines = [f"{look.name:{width}}  {look.description} [{', '.join(look.tags)}]" for look in wanted]
    voice.result("\n".join(lines), {"looks": [asdict(look) for look in wanted]})


@verb(looks_app, example="kohl looks show 'soft brown lids, nude gloss' > look.json")
def show(look: LookArgument, voice: Voice, allow_unknown: AllowUnknown = False) -> None:
    """Show what a look is made of, as JSON that can be edited and applied (of a learned look: its card); how words were understood goes to stderr."""
    from kohl.api.asking import spell_out  # noqa: PLC0415  brings pydantic
    from kohl.cli.hearing import hear  # noqa: PLC0415

    found, heard = hear(Wearing(look, allow_unknown), voice, explain=True)
    text = spell_out(found)
    voice.result(text.rstrip(), {"look": json.loads(text), **heard})


@verb(looks_app, example="kohl looks sheet me.jpg -o sheet.png")
def sheet(photo: Photo, output: Output, shape: SheetShape, voice: Voice, looks: Names = None, force: Force = False) -> None:
    """Write one picture that shows many looks on a photo."""
    from kohl.api.listing import list_shipped  # noqa: PLC0415  heavy
    from kohl.api.sheet import look_sheet  # noqa: PLC0415
    from kohl.api.studio import Studio  # noqa: PLC0415
    from kohl.core.images import open_image, save_image  # noqa: PLC0415

    check_writable(output, force=force)
    names = tuple(looks or (look.name for look in list_shipped()))
    picture = look_sheet(Studio(), read_photo(photo), names, columns=shape.columns, tile_width=shape.tile_width)
    save_image(output, open_image(picture), picture, force=force)
    voice.result(str(output), {"output": str(output), "looks": list(names)})
