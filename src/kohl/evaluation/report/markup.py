"""HTML that cannot be broken out of: everything that is not markup already is escaped."""

from __future__ import annotations

import html


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def tag(name: str, /, *content: str, **attributes: str) -> Markup:
    """An element. `class_` and the like lose their underscore, `data_x` becomes data-x; an attribute "" stands alone."""
    inside = "".join(part if isinstance(part, Markup) else html.escape(part) for part in content)
    return Markup(f"<{name}{_attributes(attributes)}>{inside}</{name}>")


def void(name: str, /, **attributes: str) -> Markup:
    """An element without content, such as img."""
    return Markup(f"<{name}{_attributes(attributes)}>")


def joined(*parts: str) -> Markup:
    """Parts one after the other."""
    return Markup("".join(part if isinstance(part, Markup) else html.escape(part) for part in parts))


def _attributes(attributes: dict[str, str]) -> str:
    names = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    return "".join(f' {name}="{html.escape(value)}"' if value else f" {name}" for name, value in names)
