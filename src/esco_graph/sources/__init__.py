"""Readers: bytes in, quads out, one module per format. None of them knows the store."""
