"""Commands that prepare and count what is measured."""
