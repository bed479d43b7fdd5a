"""The look: colours, sizes, components, error pages, and what the script does."""
