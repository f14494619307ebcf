"""Spreadsheets in and out: number lists that people upload, and the files they download.

In: `reader.read_rows` (or `read_table`, with the header) after `file_names.check_name`. Out: `writer.write_xlsx` and
`write_csv`, and `template_file`. A file that cannot be taken is a SpreadsheetError: one sentence with what to do.

Nothing is imported here: the reading process needs no writer, and who starts that process imports polars meanwhile.
"""
