"""From results to findings: code, severity, message and path of the shape that found them."""

from __future__ import annotations

from typing import Any

from esco_graph.validation.fast.model import Result, Shape
from esco_graph.validation.finding import Finding
from esco_graph.validation.shapes import Shapes, best_text


class Findings:
    """Make findings; what is the same for all results of a shape is looked up once."""

    def __init__(self, shapes: Shapes) -> None:
        """Take the shapes with their codes and rules."""
        self._shapes = shapes
        self._known: dict[Any, tuple[str, str, str, str]] = {}

    def make(self, result: Result) -> Finding:
        """Turn a result into a finding."""
        shape, _, focus, violation = result
        code, message, iri, see_also = self._about(shape)
        return Finding(
            code=code,
            severity=shape.severity,
            message=message if violation.message is None else violation.message,
            focus=violation.focus or focus,
            path=violation.path or shape.path,
            value=violation.value,
            component=violation.component,
            shape=iri,
            see_also=see_also,
        )

    def _about(self, shape: Shape) -> tuple[str, str, str, str]:
        if shape.node not in self._known:
            code = self._shapes.codes.get(shape.node, "unnamed")
            rule = self._shapes.rules.get(code)
            about = (rule.shape, rule.see_also) if rule else ("", "")
            self._known[shape.node] = (code, best_text(shape.messages), *about)
        return self._known[shape.node]
