"""The circumstances of a run: machine, versions, threads."""

import os
import platform
from time import perf_counter

import numpy as np

# Every name by which one of the libraries is told how many threads to use. XLA, and so
# JAX, reads the last two.
THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "NPROC",
    "PJRT_NPROC",
)


def set_threads(count):
    """For the workers: they start after this, and their libraries read it on import."""
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(count)))


def describe_environment():
    """{what: value}, in the order of printing."""
    set_ones = [name for name in THREAD_VARIABLES if name in os.environ]
    settings = [f"{name}={os.environ[name]}" for name in set_ones]
    return {
        "machine": f"{processor()}, {usable_cores()} of {os.cpu_count()} cores usable",
        "python": f"{platform.python_version()} on {platform.platform()}",
        "BLAS of NumPy": blas(),
        "threads": ", ".join(settings) or "each library's default (no variable is set)",
    }


def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            model = next(line for line in lines if line.startswith("model name"))
        return model.split(":")[1].strip()
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def usable_cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


class Neighbours:
    """Watches how much of the machine other programs take; small products on two threads
    become ten times slower beside a busy neighbour, so the report must tell."""

    def __init__(self):
        self.start = perf_counter(), *processor_seconds()

    def busy_cores(self):
        """How many cores the others kept busy so far, on average; None off Linux."""
        clock, all_programs, own = self.start
        everything, mine = processor_seconds()
        if everything is None:
            return None
        others = (everything - all_programs) - (mine - own)
        return max(0.0, others / (perf_counter() - clock))


def processor_seconds():
    """(of all programs or None, of this one and its children that have ended)."""
    own = sum(os.times()[:4])
    try:
        with open("/proc/stat") as lines:
            user, nice, system, _, _, *interrupts_and_steal = lines.readline().split()[1:9]
    except OSError:
        return None, own
    ticks = sum(map(int, (user, nice, system, *interrupts_and_steal)))
    return ticks / os.sysconf("SC_CLK_TCK"), own


def blas():
    found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return found.get("openblas configuration") or f"{found['name']} {found.get('version')}"
