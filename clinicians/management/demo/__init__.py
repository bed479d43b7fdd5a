"""A synthetic clinic: nobody in it exists."""
