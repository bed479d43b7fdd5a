"""What leaves: deliveries, exports, connections."""
