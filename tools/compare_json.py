#!/usr/bin/env python3
"""Show that two installations of lostsale answer alike: the JSON of every reading command on the
demo year, and of a day's work done with each, byte for byte.

usage: compare_json.py OLD-lostsale NEW-lostsale [DEMO.db]
"""

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TODAY = "2026-11-25"
READING = (
    "list",
    "list --not-asked --sort amount",
    "list --said budget",
    "list --reason price-value",
    "due",
    "due --all",
    "due --cold",
    "due --days 7",
    "show 1",
    "show 600",
    "show 1200",
    "find budget",
    "find lease",
    "referrals",
    "reasons",
    "plan",
    "config",
    "script why 1200",
    "script",
    "stats",
    "stats all",
    "stats 2026q3 --by quarter",
    "stats last-month",
    "verify",
)
WORKING = (
    'log "Oakfield Dental" 12k "the board said no" --contact "Ana Ruiz 555-0134 a@b.co"',
    "why 1204 no-access: her partner signs",
    "done 1200 --also thanks",
    "no-answer 1199",
    "snooze 1198 friday",
    "skip 1197",
    "touch 1196 still happy --next 2mo",
    "meet 1195 friday 10am --marked",
    "referral 1194 Bea Kim 555-0177",
    "won 1193 9500 --note lease",
    "move-on 1192 closed down",
    "edit 1191 --amount 11k --product copiers",
    "undo",
    "reasons rename no-access never-met-them",
    'reasons alias "too dear" price-value',
    "list --reason never-met-them",
    "stats all",
    "verify",
)
# Made anew in each run: identities, the moment of writing, paths.
_VARYING = re.compile(r'"(uid|logged_at|at|backup|file)": ("[^"]*"|null)')


def answers(program: str, demo: Path) -> list[str]:
    """Return what a program answers, a command at a time, on a copy of its own of the journal."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Path(folder) / "journal.db"
        shutil.copyfile(demo, journal)
        home = {"HOME": folder, "XDG_STATE_HOME": folder, "PATH": os.environ["PATH"]}
        env = {**home, "LOSTSALE_DB": str(journal), "LOSTSALE_TODAY": TODAY}
        found = []
        for line in (*READING, *WORKING):
            command = f"{program} {line} --json"
            ended = subprocess.run(
                command, shell=True, env=env, capture_output=True, text=True, check=False
            )
            told = _VARYING.sub(r'"\1": …', ended.stdout.replace(folder, "…"))
            found.append(f"$ {line} -> {ended.returncode}\n{told}")
        return found


def main() -> None:
    """Compare, print what differs, and exit 1 if anything does."""
    old, new = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        demo = Path(folder) / "demo.db"
        if len(sys.argv) > 3:
            shutil.copyfile(sys.argv[3], demo)
        else:
            subprocess.run([old, "--today", TODAY, "demo", str(demo)], check=True)
        pairs = list(zip(answers(old, demo), answers(new, demo), strict=True))
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    for before, after in differing:
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=1, lineterm="")
        sys.stdout.write("\n".join([before.splitlines()[0], *list(lines)[:12], ""]))
    sys.stdout.write(f"{len(pairs) - len(differing)} of {len(pairs)} commands answer alike\n")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
