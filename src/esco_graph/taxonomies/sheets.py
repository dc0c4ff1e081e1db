"""Spreadsheets of classifications and of crosswalks between them: their rows, and which sheet holds the table."""

from __future__ import annotations

from esco_graph.sources.sheet_table import SheetRow, is_sheet, sheet_rows

__all__ = ["SheetRow", "is_sheet", "sheet_rows"]
