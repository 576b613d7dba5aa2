"""Makes fictional chronologies: make.py FOLDER FILES ROWS. The same each time."""

import pathlib
import random
import sys

WHO = ["Mother", "Father", "Wren", "older brother", "grandmother", "a neighbour", "the nursery"]
DID = ["rang about feeding", "did not attend the appointment", "was seen at home", "was seen in clinic", "asked for help with sleep", "moved to stay with a friend", "was late to school without a coat", "spoke of being tired", "missed the second letter", "was weighed and measured"]
SO = ["Card left", "Letter sent, second class", "Spoken with the team manager", "No action", "Discussed at the next meeting", "Referred to the health visitor", ""]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def day(chance):
    year, month, number = chance.randint(2008, 2025), chance.randint(1, 12), chance.randint(1, 28)
    form = chance.random()
    if form < 0.9:
        return f"{number:02}/{month:02}/{year}"
    if form < 0.94:
        return f"{number}.{month}.{year % 100:02}"
    if form < 0.97:
        return f"{number}-{MONTHS[month - 1]}-{year % 100:02}"
    if form < 0.995:
        return f"{MONTHS[month - 1]} {year}"
    return "when she was small"


def main():
    folder, files, rows = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for at in range(files):
        chance = random.Random(at)
        lines = ["Date,Time,Source,Who was concerned,What happened,Response"]
        for _ in range(rows):
            time = f"{chance.randint(8, 18):02}:{chance.randint(0, 59):02}" if chance.random() < 0.3 else ""
            said = f"{chance.choice(WHO)} {chance.choice(DID)}, and {chance.choice(WHO).lower()} {chance.choice(DID)} {chance.randint(1, 99)} days later"
            lines.append(f'{day(chance)},{time},Record {chance.randint(1, 900)},{chance.choice(WHO)},"{said}","{chance.choice(SO)}"')
        (folder / f"Invented Agency {at + 1:02}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


main()
