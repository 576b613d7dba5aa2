"""Reads what the scanners found, leaves out what is explained, and says what is left: the exit code is 1 when that is medium or worse.

Usage: look-at.py FOLDER EXPLAINED. In FOLDER lie `wapiti-*.json`, `schemathesis-*.log` and `sqlmap-*.log`.
A line of EXPLAINED is `tool | what was found | path as a regular expression | why it is none`.
"""

import json
import pathlib
import re
import sys

LEVELS = ["information", "low", "medium", "high", "critical"]


def explained_by(lines, tool, what, path):
    """The explanation of a finding, if there is one."""
    for line in lines:
        if line[0] == tool and line[1] == what and re.search(line[2], path):
            return line[3]
    return None


def main():
    folder, explanations = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    lines = [
        [part.strip() for part in line.split("|", 3)]
        for line in explanations.read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    worst, seen = 0, 0
    for name in ("signed-out", "signed-in", "of-an-agency"):
        if not (folder / f"wapiti-{name}.json").exists():
            print(f"wapiti-{name}: no report: it did not end in its time")
            worst = 2
    for report in sorted(folder.glob("wapiti-*.json")):
        told = json.loads(report.read_text())
        pages = told["infos"].get("crawled_pages_nbr", "?")
        print(f"{report.stem}: {pages} pages and forms")
        seen += pages if isinstance(pages, int) else 0
        for part in ("vulnerabilities", "anomalies"):
            for what, found in told[part].items():
                for one in found:
                    why = explained_by(lines, "wapiti", what, one["path"])
                    level = one.get("level", 2)
                    said = f"{LEVELS[level]}: {what}: {one['method']} {one['path']} ({one.get('parameter') or one['info']})"
                    print(f"  {'explained, ' if why else ''}{said}" + (f": {why}" if why else ""))
                    if not why:
                        worst = max(worst, level)
    for log in sorted(folder.glob("sqlmap-*.log")):
        text = log.read_text(errors="replace")
        hit = "identified the following injection point" in text or "is vulnerable" in text
        tried = len(re.findall(r"testing '", text))
        print(f"{log.stem}: {tried} kinds of attack tried, {'AN INJECTION' if hit else 'no injection'}")
        if hit:
            worst = max(worst, 4)
        if tried == 0 and not hit:
            print("  it tried nothing: look at its log")
            worst = max(worst, 2)
    for name in ("answering", "reading", "anywhere", "no-token"):
        log = folder / f"schemathesis-{name}.log"
        text = log.read_text(errors="replace") if log.exists() else ""
        sent = re.search(r"Test cases:\s*\n\s*(\d+) generated", text)
        print(f"schemathesis-{name}: {sent.group(1) if sent else 'no'} requests")
        if not sent:
            print("  it did not end as it should: look at its log")
            worst = max(worst, 2)
        for what, times in re.findall(r"\u274c (ST\d+ [^:]+|[A-Z][^:\n]+): (\d+)", text):
            why = explained_by(lines, "schemathesis", what, name)
            print(f"  {'explained, ' if why else ''}medium: {what}, {times} times" + (f": {why}" if why else ""))
            if not why:
                worst = max(worst, 2)
    if seen == 0:
        print("nothing was crawled")
        worst = 4
    print(f"worst finding without an explanation: {LEVELS[worst] if worst else 'none, or information only'}")
    sys.exit(1 if worst >= 2 else 0)


if __name__ == "__main__":
    main()
