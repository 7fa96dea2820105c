"""What is done with a workbook that came back: read, audit, diff, verify, render."""
