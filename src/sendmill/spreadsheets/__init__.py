"""Spreadsheets in and out: number lists that people upload, and the files they download.

In: `read_rows` (or `read_table`, with the header) after `check_name`. Out: `write_xlsx`, `write_csv`,
`template_file`. A file that cannot be taken is a SpreadsheetError: one sentence with what to do.
"""

from sendmill.spreadsheets.errors import SpreadsheetError
from sendmill.spreadsheets.file_names import check_name, clean_name
from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.reader import read_rows, read_table
from sendmill.spreadsheets.table import Table
from sendmill.spreadsheets.template_file import template_file
from sendmill.spreadsheets.writer import write_csv, write_xlsx

__all__ = [
    "Limits",
    "SpreadsheetError",
    "Table",
    "check_name",
    "clean_name",
    "read_rows",
    "read_table",
    "template_file",
    "write_csv",
    "write_xlsx",
]
