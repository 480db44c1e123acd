#!/usr/bin/env python3
"""Breaks what Portaria stands on, while people sign up, and says what it cost.

    ops/chaos/run.py [--all] [BINARY]

BINARY: target/release/portaria. Without --all only the short ones run: a killed node, a Postgres that loses its power. With it also a restarted,
a slow and a crowded Postgres, carriers in every mood, and a cluster that fails over. Whatever was lost or doubled ends it with 1.
"""

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import cluster  # noqa: E402
import faults  # noqa: E402
from machinery import postgres_bin  # noqa: E402


def main(arguments):
    binaries = [one for one in arguments if not one.startswith("--")]
    binary = binaries[0] if binaries else "target/release/portaria"
    if not postgres_bin() or (os.getuid() == 0 and os.system("id postgres >/dev/null 2>&1") != 0):
        print("chaos: SKIPPED: no Postgres of this machine's own")
        return 0
    experiments = list(faults.SHORT)
    if "--all" in arguments:
        experiments += faults.LONG + cluster.EXPERIMENTS
    bad = 0
    for experiment in experiments:
        name = experiment.__name__.replace("_", " ")
        print(f"chaos: {name} …", flush=True)
        began = time.monotonic()
        try:
            cost = experiment(binary)
        except cluster.Skipped as reason:
            print(f"chaos: SKIPPED: {name}: {reason}")
            continue
        except AssertionError as error:
            print(f"chaos: FAILED: {name}: {error}")
            bad += 1
            continue
        told = ", ".join(f"{what}: {figure}" for what, figure in cost.items())
        print(f"chaos: {name}: {told} ({time.monotonic() - began:.0f} s)", flush=True)
        if cost["lost"] or cost["doubled"]:
            print(f"chaos: FAILED: {name}: somebody was lost or doubled")
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
