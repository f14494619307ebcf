"""The error of a refused spreadsheet, and the sentence for each reason, which says what to do."""

from __future__ import annotations


def gettext_noop(text: str) -> str:
    """Mark `text` for the translators and return it unchanged."""
    return text


SENTENCES: dict[str, str] = {
    "name_characters": gettext_noop(
        "The file name may contain only letters and digits before .xlsx or .csv. Rename the file and "
        "upload it again."
    ),
    "name_extension": gettext_noop(
        "Only .xlsx and .csv files are accepted. Save the list as an Excel workbook (.xlsx) and upload "
        "it again."
    ),
    "name_too_long": gettext_noop(
        "The file name is longer than %(limit)s characters. Shorten it and upload the file again."
    ),
    "empty_file": gettext_noop(
        "The file is empty. Choose the file that holds the numbers and upload it again."
    ),
    "too_large": gettext_noop(
        "The file is larger than %(limit)s MB. Split the list into several files and upload them one by one."
    ),
    "unreadable": gettext_noop("The file cannot be opened. Check that it still exists and upload it again."),
    "old_excel": gettext_noop(
        "This is an old Excel file (.xls). Open it in Excel, save it as an Excel workbook (.xlsx) and "
        "upload that file."
    ),
    "password": gettext_noop(
        "The file is protected with a password. Remove the password in Excel, save the file and upload "
        "it again."
    ),
    "not_spreadsheet": gettext_noop(
        "This is not a spreadsheet but a %(kind)s file. Save the list as an Excel workbook (.xlsx) and "
        "upload that file."
    ),
    "binary_workbook": gettext_noop(
        "This is a binary Excel workbook (.xlsb). Save it as an Excel workbook (.xlsx) and upload that file."
    ),
    "damaged": gettext_noop(
        "The file is damaged or incomplete. Open it in Excel, save it again as .xlsx and upload that file."
    ),
    "hostile": gettext_noop(
        "The file is not built like a spreadsheet and was refused for safety. "
        "Copy the numbers into a new Excel workbook and upload that file."
    ),
    "inflates": gettext_noop(
        "The file grows far too large when it is opened and was refused for safety. "
        "Copy the numbers into a new Excel workbook and upload that file."
    ),
    "no_sheet": gettext_noop(
        "The workbook has no visible sheet. Put the numbers in column A of a visible sheet and upload "
        "the file again."
    ),
    "no_rows": gettext_noop(
        "There are no rows below the header. Put the numbers in column A from the second row on "
        "and upload the file again."
    ),
    "too_many_rows": gettext_noop(
        "The file holds more than %(limit)s numbers. Split the list into several files and upload them "
        "one by one."
    ),
    "too_many_columns": gettext_noop(
        "The sheet uses more than %(limit)s columns. Keep only the number column and the columns of the "
        "template's variables, and upload the file again."
    ),
    "text_too_long": gettext_noop(
        "A cell holds a text of more than %(limit)s bytes. Shorten or remove the long text and upload "
        "the file again."
    ),
    "csv_encoding": gettext_noop(
        'The CSV file is not saved in UTF-8. In Excel choose "Save as" and "CSV UTF-8", '
        "or save it as .xlsx, and upload that file."
    ),
    "csv_quotes": gettext_noop(
        "A quotation mark in row %(row)s of the CSV file is misplaced or never closed. Correct it, "
        "or save the list as .xlsx, and upload the file again."
    ),
    "too_slow": gettext_noop(
        "Reading the file took too long and was stopped. Copy the numbers into a new Excel workbook, "
        "or split the list, and upload it again."
    ),
    "reader_stopped": gettext_noop(
        "The file could not be read within the memory allowed for one file. Copy the numbers into a new "
        "Excel workbook, or split the list, and upload it again."
    ),
    "reader_failed": gettext_noop(
        "The file could not be read. Open it in Excel, save it again as .xlsx and upload that file."
    ),
}


class SpreadsheetError(Exception):
    """A file that was refused.

    `code` names the reason for programs, `sentence` is the English sentence with %(name)s placeholders (the key of
    its translation), `params` are the values for them. str() is the English sentence.
    """

    def __init__(self, code: str, sentence: str, **params: object) -> None:
        super().__init__(code, sentence, params)
        self.code = code
        self.sentence = sentence
        self.params = params

    def __str__(self) -> str:
        return self.sentence % self.params


def refusal(code: str, **params: object) -> SpreadsheetError:
    """Return the SpreadsheetError of a code, with its sentence from SENTENCES; the caller raises or returns it."""
    return SpreadsheetError(code, SENTENCES[code], **params)
