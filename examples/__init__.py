"""Programs that use pellucid as its users do. Each runs alone; README.md lists them."""

import os

# These matrices are too small for a second thread to gain anything; and beside busy
# neighbours, threads that wait for one another cost a lot: once 139 s for the digits
# instead of 4 s.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
