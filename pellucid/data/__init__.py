"""Data on its way into a graph: data sets and iterators, queues and readers."""
