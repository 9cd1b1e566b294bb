"""Images: shape, size and colour."""
