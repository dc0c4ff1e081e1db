"""A knowledge-graph toolkit for ESCO: build, validate, query and export skills and occupations as linked data."""

__version__ = "0.1.0"
