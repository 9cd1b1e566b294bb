"""Recurrent networks: cells, and the loops that unroll them over time."""
