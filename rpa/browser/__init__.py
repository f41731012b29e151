"""A real browser: finding it, keeping it inside the portal, seeing and using a page as a person does."""
