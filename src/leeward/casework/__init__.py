"""The desk: queue, claims, assessment, second assessment, acting, appeals. It owns the case."""
