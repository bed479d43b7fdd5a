"""Every write about what leaves: destinations, deliveries, exports; each with its audit."""
