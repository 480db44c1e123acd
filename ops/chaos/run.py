#!/usr/bin/env python3
"""Breaks what Portaria stands on, while people sign up, and says what it cost.

    ops/chaos/run.py [--all] [--only=WORDS] [BINARY]

BINARY: target/release/portaria. Without --all only the short ones run: a killed node, a Postgres that loses its power. With it also a message in
the hands of a killed node, a restarted, a slow and a crowded Postgres, carriers in every mood, floods, and a cluster that fails over. --only takes
those of all whose name has these words in it. Whatever was lost or doubled ends it with 1.
"""

import os
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import cluster  # noqa: E402
import faults  # noqa: E402
import floods  # noqa: E402
import moods  # noqa: E402
from machinery import Node, end_all, postgres_bin, tail  # noqa: E402


def chosen(arguments):
    experiments = list(faults.SHORT)
    words = [one.removeprefix("--only=") for one in arguments if one.startswith("--only=")]
    if "--all" in arguments or words:
        experiments += faults.LONG + moods.EXPERIMENTS + floods.EXPERIMENTS + cluster.EXPERIMENTS
    return [one for one in experiments if not words or any(word in named(one) for word in words)]


def named(experiment):
    return experiment.__name__.replace("_", " ")


def failed(name, why):
    """Prints what was expected or waited for, and the last lines of the nodes' logs."""
    print(f"chaos: FAILED: {name}: {why}")
    for node in Node.of_this_experiment:
        print(f"chaos: the end of the log of {node}:\n{tail(f'{node}.log')}", flush=True)
    return 1


def run(experiment, binary):
    """1 when something was lost, doubled, waited for in vain, or broken."""
    name = named(experiment)
    print(f"chaos: {name} …", flush=True)
    began = time.monotonic()
    Node.of_this_experiment = []
    try:
        cost = experiment(binary)
    except cluster.Skipped as reason:
        print(f"chaos: SKIPPED: {name}: {reason}")
        return 0
    except (AssertionError, TimeoutError) as error:
        return failed(name, error)
    except Exception:  # the experiment itself is broken; the others still run
        return failed(name, traceback.format_exc())
    finally:
        end_all()
    told = ", ".join(f"{what}: {figure}" for what, figure in cost.items())
    print(f"chaos: {name}: {told} ({time.monotonic() - began:.0f} s)", flush=True)
    return failed(name, "somebody was lost or doubled") if cost["lost"] or cost["doubled"] else 0


def main(arguments):
    binaries = [one for one in arguments if not one.startswith("--")]
    binary = binaries[0] if binaries else "target/release/portaria"
    if not postgres_bin() or (os.getuid() == 0 and os.system("id postgres >/dev/null 2>&1") != 0):
        print("chaos: SKIPPED: no Postgres of this machine's own")
        return 0
    return 1 if sum(run(experiment, binary) for experiment in chosen(arguments)) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
