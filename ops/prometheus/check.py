"""Reads what a running node tells at /metrics by Prometheus' own parser, after whatever it has been through: the dashboard and the
alerts ask for nothing else, no series stands twice, and no label has taken up what anybody typed.

    check.py URL
"""

import collections
import pathlib
import re
import sys
import urllib.request

from prometheus_client.parser import text_string_to_metric_families

# More values of one label than the program knows would be somebody else's: the routes, with some room, are the most.
MOST_VALUES = 250

ops = pathlib.Path(__file__).resolve().parent.parent
with urllib.request.urlopen(sys.argv[1] + "/metrics", timeout=10) as answer:
    text = answer.read().decode()

samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
told = {sample.name for sample in samples}
wrong = []
for file in (ops / "prometheus" / "alerts.yml", ops / "grafana" / "portaria.json"):
    asked = set(re.findall(r"portaria_[a-z_]+", file.read_text()))
    wrong += [f"{file.name} asks for {name}, which no node tells" for name in sorted(asked - told)]
series = collections.Counter((sample.name, tuple(sorted(sample.labels.items()))) for sample in samples)
wrong += [f"{name} stands {times} times with {labels}" for (name, labels), times in series.items() if times > 1]
values = collections.defaultdict(set)
for sample in samples:
    for label, value in sample.labels.items():
        values[sample.name, label].add(value)
wrong += [f"{name} has {len(them)} values of {label}" for (name, label), them in values.items() if len(them) > MOST_VALUES]
if wrong:
    sys.exit("metrics: " + "\n".join(wrong))
print(f"metrics: {len(samples)} samples of {len(told)} metrics")
