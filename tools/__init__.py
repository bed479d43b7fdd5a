"""Programs for the people who work on the product; the product needs none of them."""
