"""OpenAPI: the operations of an HTTP interface as tools."""
