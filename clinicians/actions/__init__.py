"""Every write of the clinicians app: one keyword-only function each."""
