"""Pages for administrators: which systems are connected, and what each may do."""
