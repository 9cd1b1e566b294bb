"""Variables: making, naming, changing them."""
