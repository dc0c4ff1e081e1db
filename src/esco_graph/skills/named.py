"""A concept with its label, and explanations as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Named:
    """A concept with its label; both "" for a skill set without a name."""

    iri: str
    label: str


def plain(value: Any) -> Any:
    """Turn dataclasses into maps and tuples into lists, as JSON has them; `dataclasses.asdict` takes five times longer.

    >>> plain((Named("http://example.org/s", "sew"), 0.5))
    [{'iri': 'http://example.org/s', 'label': 'sew'}, 0.5]
    """
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain(one) for name, one in vars(value).items()}
    return value
