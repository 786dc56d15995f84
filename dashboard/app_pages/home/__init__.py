"""The page *Home*."""
