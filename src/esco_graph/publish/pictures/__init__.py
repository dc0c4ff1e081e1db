"""Pictures of skill overlap and career paths, as SVG, PNG or one HTML page. Drawing needs the extra [plot].

Importing this package imports neither matplotlib nor numpy.
"""

from esco_graph.publish.pictures.fonts import need_matplotlib
from esco_graph.publish.pictures.output import ENDINGS, PICTURES, draw, kind_of_file, write_picture
from esco_graph.publish.pictures.scene import NumberTable, Picture, Scene

__all__ = [
    "ENDINGS",
    "PICTURES",
    "NumberTable",
    "Picture",
    "Scene",
    "draw",
    "kind_of_file",
    "need_matplotlib",
    "write_picture",
]
