"""Pages for administrators: the systems that results are sent to."""
