"""What runs, when, and what is checked or printed on the way."""
