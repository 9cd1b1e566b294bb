"""How fast is pellucid? Every peer, the same work, side by side in one run.

    python -m benchmarks                    the whole table, about 10 minutes
    python -m benchmarks --quick            fewer rounds, about a minute
    python -m benchmarks --only digits      one row

Reading order: `workloads` (the rows), `problems` (what each row computes),
`systems/graph.py` (the TensorFlow program, which is also the pellucid program),
`measure` (how the rounds interleave), `report`, `growth`, `page` (docs/benchmarks.md).

A new kind of network is a new class in `problems`, a row in `workloads`, and a builder in
those files of `systems` that can run it.
"""
