"""The circumstances of a run: machine, versions, threads."""

import os
import platform

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
        "load": load(),
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


def load():
    """How busy the machine was with other work over the last minute."""
    return f"{os.getloadavg()[0]:.2f} before the run" if hasattr(os, "getloadavg") else "?"


def blas():
    found = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return found.get("openblas configuration") or f"{found['name']} {found.get('version')}"
