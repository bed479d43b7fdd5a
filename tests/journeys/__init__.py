"""Each audience's way through the product, in a real browser."""
