"""Making tensors, shaping them, taking them apart and putting them together."""
