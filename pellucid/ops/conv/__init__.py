"""Windows that slide over images: convolution, pooling, and moving pixels between axes."""
