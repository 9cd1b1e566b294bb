"""What a program's first line costs: seconds and memory of `import ...`.

Each import runs in a fresh process. Its memory is reported over that of a bare
interpreter; the floor's row is NumPy alone.
"""

import os
import subprocess
import sys
from dataclasses import dataclass

import numpy as np

from benchmarks.systems import SYSTEMS

GOAL_SECONDS = 0.10
GOAL_MEGABYTES = 35

# The peak comes from /proc where there is one: Linux's ru_maxrss also counts the moment in
# which the child was still a copy of its parent, and a parent with NumPy is 30 MB big.
PROBE = """
from time import perf_counter
start = perf_counter()
{first_line}
seconds = perf_counter() - start
try:
    lines = open("/proc/self/status").read().splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
except OSError:
    import resource, sys
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if sys.platform == "darwin":
        kilobytes /= 1024
print(seconds, kilobytes / 1024)
"""


@dataclass
class ImportCost:
    """Medians over the rounds; `failed` says why there are none."""

    first_line: str
    seconds: float = 0.0
    megabytes: float = 0.0
    failed: str = ""

    def meets_goal(self):
        return self.seconds <= GOAL_SECONDS and self.megabytes <= GOAL_MEGABYTES


def measure_imports(names, rounds, tick):
    """system -> ImportCost, the systems in turns."""
    names = [name for name in names if SYSTEMS[name].first_line]
    samples = {name: [] for name in names}
    failed = {}
    bare = []
    for _ in range(rounds):
        bare.append(probe("pass"))
        for name in names:
            tick(name)
            try:
                samples[name].append(probe(SYSTEMS[name].first_line))
            except subprocess.SubprocessError as error:
                failed[name] = last_line(error)
    bare_megabytes = np.median(bare, axis=0)[1]
    return {
        name: summary(name, samples[name], bare_megabytes, failed.get(name))
        for name in names
    }


def summary(name, samples, bare_megabytes, failed):
    first_line = SYSTEMS[name].first_line
    if failed:
        return ImportCost(first_line, failed=failed)
    seconds, megabytes = np.median(samples, axis=0)
    return ImportCost(first_line, float(seconds), float(megabytes - bare_megabytes))


def probe(first_line):
    """(seconds, peak megabytes) of a fresh process that runs `first_line`."""
    command = [sys.executable, "-c", PROBE.format(first_line=first_line)]
    # Bytecode is kept between the rounds, as that of an installed package is.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    seconds, megabytes = done.stdout.split()[-2:]
    return float(seconds), float(megabytes)


def last_line(error):
    lines = (getattr(error, "stderr", None) or str(error)).strip().splitlines()
    return lines[-1][:200]
