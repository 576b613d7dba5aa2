"""with_openpyxl.py FOLDER OUT: reads every workbook row by row, sorts by date, writes one CSV."""

import csv
import datetime
import pathlib
import sys

import openpyxl

rows = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.xlsx")):
    sheet = openpyxl.load_workbook(path, read_only=True, data_only=True)["Chronology"]
    each = sheet.iter_rows(values_only=True)
    next(each)
    rows.extend((row[1] if isinstance(row[1], datetime.datetime) else datetime.datetime.max, path.stem, row) for row in each)
rows.sort(key=lambda row: row[0])
with open(sys.argv[2], "w", newline="", encoding="utf-8") as out:
    writer = csv.writer(out)
    writer.writerows([agency, *row] for _, agency, row in rows)
print(len(rows))
