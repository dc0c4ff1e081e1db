"""What a finding says when its shape has no message."""

from __future__ import annotations

_ENDING = "ConstraintComponent"


def generic(component: str) -> str:
    """Name the constraint that does not hold, by its component's IRI (SHACL, section 3.6.2.7 leaves this to engines).

    >>> generic("http://www.w3.org/ns/shacl#MinCountConstraintComponent")
    'The constraint sh:minCount does not hold here; the shape has no sh:message that says more.'
    """
    local = component.rsplit("#", 1)[-1].rsplit("/", 1)[-1].removesuffix(_ENDING)
    name = f"sh:{local[:1].lower()}{local[1:]}" if component.endswith(_ENDING) else f"<{component}>"
    return f"The constraint {name} does not hold here; the shape has no sh:message that says more."
