"""The desk's pages of the law: files and their changes in `changing`, one row or a spreadsheet in `editing`."""
