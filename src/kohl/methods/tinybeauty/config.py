"""The shape of a learned look's network: one frozen spec, its variants derived."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from kohl.core.errors import UsageError

MAX_PARAMETERS = 80_000
"""What a learned look may weigh."""


@dataclass(frozen=True, slots=True)
class TinyBeautySpec:
    """All that is needed to build a `TinyBeauty`; it is stored in every model file.

    The network works on a grid four times smaller than its crop and on its halvings: `widths`, `blocks_down` and `kernels` have
    one entry per grid, finest first; `blocks_up` one fewer.
    """

    widths: tuple[int, ...] = (24, 32, 56)
    """Channels per grid."""
    blocks_down: tuple[int, ...] = (1, 2, 3)
    """Blocks on the way down, per grid."""
    blocks_up: tuple[int, ...] = (1, 1)
    """Blocks on the way up, per grid but the coarsest."""
    kernels: tuple[int, ...] = (3, 3, 5)
    """Side of the depthwise kernels, per grid."""
    expansion: int = 2
    """Channels inside a block, in its width."""
    detail: int = 16
    """Channels that go straight from the stem to the head: where edges and texture pass by the coarse grids."""
    head: int = 32
    """Channels of the head's hidden layer."""

    def __post_init__(self) -> None:
        grids = len(self.widths)
        if not grids == len(self.blocks_down) == len(self.kernels) == len(self.blocks_up) + 1:
            raise UsageError(f"a TinyBeauty spec needs widths, blocks_down and kernels for each grid and blocks_up for one fewer, got {self}")

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TinyBeautySpec:
        """Read what `as_dict` gave. Raises UsageError for a field that does not exist or a shape that cannot be."""
        known = {field.name for field in fields(cls)}
        if unknown := set(values) - known:
            raise UsageError(f"expected a TinyBeauty spec with the fields {sorted(known)}, got also {sorted(unknown)}")
        plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        return cls(**plain)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for metadata."""
        return asdict(self)


MOBILE = TinyBeautySpec()
"""What `kohl learn` trains."""
TINY = replace(MOBILE, widths=(4, 6), blocks_down=(1, 1), blocks_up=(1,), kernels=(3, 3), detail=4, head=8)
"""For tests: trains and runs in no time, and learns little."""
