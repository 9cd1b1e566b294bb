"""Engines: how a graph becomes a program. Read plan.py first, then lower.py and spelling.py."""
