"""What people who program would do: with_polars.py FOLDER csv|xlsx OUT. Reads every file, reads the dates, sorts, writes one CSV."""

import pathlib
import sys

import polars as pl

folder, kind, out = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
frames = []
for path in sorted(folder.glob(f"*.{kind}")):
    if kind == "csv":
        frame = pl.read_csv(path, infer_schema_length=0)
    else:
        frame = pl.read_excel(path, engine="calamine", sheet_name="Chronology", infer_schema_length=0)
        frame = frame.rename({"Start date": "Date"})
    frames.append(frame.select(pl.all().cast(pl.String)).with_columns(Agency=pl.lit(path.stem)))
every = pl.concat(frames, how="diagonal")
text = pl.col("Date")
day = pl.coalesce(
    *(text.str.to_date(form, strict=False) for form in ["%d/%m/%Y", "%d.%m.%y", "%d-%b-%y", "%Y-%m-%d"]),
    ("1 " + text).str.to_date("%d %b %Y", strict=False),
)
every = every.with_columns(day=day).sort("day", nulls_last=True)
every.write_csv(out)
print(every.height, every["day"].null_count())
