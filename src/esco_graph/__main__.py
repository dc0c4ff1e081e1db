"""`python -m esco_graph` is the command line."""

from esco_graph.cli import main

main(prog_name="esco-graph")
