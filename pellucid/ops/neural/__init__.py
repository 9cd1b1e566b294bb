"""What networks are made of besides arithmetic: activations, losses, normalization."""
