"""The functions for desktop Excel on Windows, and what its button does. In the workbook: xlwings ribbon, Import Functions."""

from xl_aicost.hosts.binder import desktop_functions

globals().update(desktop_functions(__name__))


def main():
    """Write the model anew with the inputs that were typed into it, and what was read back onto the first sheet."""
    import xlwings

    from xl_aicost.hosts.insert import report

    report(xlwings.Book.caller())
