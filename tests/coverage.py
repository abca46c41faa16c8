#!/usr/bin/env python3
"""Which lines and branches of marc, match, rules and repo the tests reached (RL-203). Usage: coverage.py BUILD [ROOM]...

Reads what gcov says of each object of a room (BUILD/ROOM/*.gcno), sums it by line of source, prints a table, and writes two lists into
BUILD: coverage-lines.txt, each line that was never run with the reason that tests/coverage_reasons.txt gives, and
coverage-branches.txt, each line of which a branch was never taken.

A branch is an arc of the flow graph behind a condition, as `gcov -b` counts them without optimization: two for each operand of
`&&`, `||`, `?:`, `if` and a loop, one for each label of a switch. It counts when one test at least went that way. The branches of an
assert are left out: one of them ends the program. Exit status 1: a room is below the goal, or a line has no reason.
"""
import collections
import fnmatch
import json
import os
import re
import subprocess
import sys

GOAL = 90.0  # of the branches, in per cent
ROOMS = ["marc", "match", "rules", "repo"]
REASONS = "tests/coverage_reasons.txt"


class Line:
    """One line of source, over all objects that hold it."""

    def __init__(self):
        self.count = 0
        self.branches = []
        self.function = ""

    def add(self, found):
        self.count += found["count"]
        self.function = self.function or found.get("function_name", "")
        counts = [branch["count"] for branch in found.get("branches", [])]
        if len(counts) != len(self.branches):
            self.branches += [0] * (len(counts) - len(self.branches))
        for i, count in enumerate(counts):
            self.branches[i] += count


def room_of(name):
    """The room of a file of src or include; None for the system's."""
    parts = os.path.normpath(name).split(os.sep)
    if len(parts) == 3 and parts[0] == "src":
        return parts[1]
    return parts[2] if len(parts) == 4 and parts[:2] == ["include", "recto"] else None


def read_room(build, room, files):
    folder = os.path.join(build, room)
    notes = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".gcno"))
    if not notes:
        sys.exit(f"coverage: {folder} holds nothing made with --coverage; `make coverage` makes it")
    said = subprocess.run(["gcov", "--json-format", "--branch-probabilities", "--stdout", *notes], capture_output=True, text=True)
    if said.returncode != 0:
        sys.exit(f"coverage: gcov failed on {folder}: {said.stderr.strip()}")
    for answer in said.stdout.splitlines():
        if not answer.startswith("{"):
            continue
        for source in json.loads(answer)["files"]:
            if room_of(source["file"]) == room:
                for found in source["lines"]:
                    files[os.path.normpath(source["file"])][found["line_number"]].add(found)


def read_reasons():
    """Rows of WHERE, EXPRESSION, REASON; WHERE is a pattern for `FILE FUNCTION`, EXPRESSION is sought in the line."""
    rows = []
    with open(REASONS, encoding="utf-8") as given:
        for number, row in enumerate(given, 1):
            if row.strip() == "" or row.startswith("#"):
                continue
            columns = row.rstrip("\n").split("\t")
            if len(columns) != 3:
                sys.exit(f"{REASONS}:{number}: three columns are needed, not {len(columns)}")
            rows.append([columns[0], re.compile(columns[1]), columns[2], 0])
    return rows


def reason_for(reasons, name, function, source):
    for row in reasons:
        if fnmatch.fnmatchcase(f"{name} {function}", row[0]) and row[1].search(source):
            row[3] += 1
            return row[2]
    return None


def is_assert(source):
    return re.match(r"\s*assert\(", source) is not None


def look_at_room(files, room, reasons, lists):
    """Sums of one room: lines, run, branches, taken, lines without a reason."""
    sums = [0, 0, 0, 0, 0]
    for name in sorted(name for name in files if room_of(name) == room):
        with open(name, encoding="utf-8") as given:
            text = given.read().splitlines()
        for number, line in sorted(files[name].items()):
            source = text[number - 1] if number <= len(text) else ""  # changed since it was built
            taken = sum(1 for count in line.branches if count > 0)
            sums[0] += 1
            sums[1] += line.count > 0
            if line.count == 0:
                reason = reason_for(reasons, name, line.function, source)
                sums[4] += reason is None
                lists[0].append(f"{name}:{number}: {line.function}: {source.strip()}\t{reason or 'NO REASON'}")
            if is_assert(source):
                continue
            sums[2] += len(line.branches)
            sums[3] += taken
            if taken < len(line.branches):
                lists[1].append(f"{name}:{number}: {line.function}: {taken} of {len(line.branches)}: {source.strip()}")
    return sums


def percent(part, whole):
    return 100.0 * part / whole if whole > 0 else 100.0


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: coverage.py BUILD [ROOM]...")
    build, rooms = sys.argv[1], sys.argv[2:] or ROOMS
    files = collections.defaultdict(lambda: collections.defaultdict(Line))
    for room in rooms:
        read_room(build, room, files)
    reasons, lists, whole = read_reasons(), ([], []), True
    print(f"{'room':8}{'lines':>8}{'run':>8}{'%':>8}{'no reason':>11}{'branches':>10}{'taken':>8}{'%':>8}{'goal':>7}  verdict")
    for room in rooms:
        lines, run, branches, taken, unexplained = look_at_room(files, room, reasons, lists)
        reached = percent(taken, branches) >= GOAL
        verdict = "NOT" if not reached else "met" if unexplained == 0 else "met, but for the reasons"
        whole = whole and verdict == "met"
        print(f"{room:8}{lines:8}{run:8}{percent(run, lines):8.1f}{unexplained:11}{branches:10}{taken:8}{percent(taken, branches):8.1f}"
              f"{GOAL:7.0f}  {verdict}")
    for name, rows in zip(("coverage-lines.txt", "coverage-branches.txt"), lists):
        with open(os.path.join(build, name), "w", encoding="utf-8") as out:
            out.write("".join(row + "\n" for row in rows))
        print(f"{len(rows)} lines in {os.path.join(build, name)}")
    for row in reasons:
        if row[3] == 0 and sys.argv[2:] == []:
            print(f"{REASONS}: nothing needs this row any more: {row[0]} {row[1].pattern}")
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
