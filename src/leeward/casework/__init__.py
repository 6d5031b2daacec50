"""The desk: queue, claim, assessment, second look, acting, appeals. It owns the case."""
