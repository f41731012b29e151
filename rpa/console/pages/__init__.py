"""The pages and their endpoints, one module a page."""
