"""Linear algebra: products, factors, solutions."""
