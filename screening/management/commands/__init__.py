"""Commands for people who run the product."""
