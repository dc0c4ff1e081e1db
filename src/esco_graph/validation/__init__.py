"""Shapes are the law: check a graph against SHACL, and say what is wrong and what to do."""

from esco_graph.validation.engine import validate
from esco_graph.validation.finding import Finding
from esco_graph.validation.report import Report

__all__ = ["Finding", "Report", "validate"]
