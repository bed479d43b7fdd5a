"""Pages for administrators: which systems results go to, and what programs may do."""
