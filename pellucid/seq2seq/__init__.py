"""Sequences to sequences: encoders, decoders, attention, losses over time."""
