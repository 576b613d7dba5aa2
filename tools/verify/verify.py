#!/usr/bin/python3
"""A second, independent checker of Candour's record, written from docs/record-format.md and sharing no code with Candour.

It checks the database of a log, checkpoints people hold against it, and evidence bundles.
It needs Python 3.9 or later; signatures and disclosed content also need PyNaCl (Debian: python3-nacl).

    verify.py log DATABASE [--checkpoint FILE]... [--key KEY]... [--partnership NAME]
    verify.py bundle FOLDER_OR_ZIP [--key KEY]...

KEY is a verifier key as printed on a decision record: name+id+base64, or a file with one in each line.
Exit code 0: everything holds. 1: something does not; the first broken entry is named. 2: nothing could be checked.
"""

import argparse
import sys

sys.dont_write_bytecode = True

from bundle import check_bundle  # noqa: E402
from form import Broken, NotChecked  # noqa: E402
from log import check_log  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    log = commands.add_parser("log", help="check a database, and checkpoints against it")
    log.add_argument("database")
    log.add_argument("--checkpoint", action="append", default=[], metavar="FILE")
    log.add_argument("--key", action="append", default=[])
    log.add_argument("--partnership")
    log.set_defaults(check=check_log)
    bundle = commands.add_parser("bundle", help="check an evidence bundle")
    bundle.add_argument("bundle", metavar="FOLDER_OR_ZIP")
    bundle.add_argument("--key", action="append", default=[])
    bundle.set_defaults(check=check_bundle)
    arguments = parser.parse_args()
    try:
        arguments.check(arguments)
    except Broken as broken:
        where = f" at entry {broken.entry}" if broken.entry is not None else ""
        print(f"broken{where}: {broken.why}")
        return 1
    except (NotChecked, OSError) as error:
        print(f"not checked: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
