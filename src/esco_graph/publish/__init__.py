"""Writers: Turtle, TriG, N-Triples, N-Quads, RDF/XML and JSON-LD, stable to the byte, with ESCO's attribution."""

from esco_graph.publish.attribution import EXPORTS, Notice, split_attribution
from esco_graph.publish.export import ExportSummary, write, write_file
from esco_graph.publish.formats import FORMATS, Format, format_of
from esco_graph.publish.selection import select_quads

__all__ = [
    "EXPORTS",
    "FORMATS",
    "ExportSummary",
    "Format",
    "Notice",
    "format_of",
    "select_quads",
    "split_attribution",
    "write",
    "write_file",
]
