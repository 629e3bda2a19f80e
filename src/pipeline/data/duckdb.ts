/** For those who load DuckDB late: bundled, its own modules would give an `import()` nothing but their default. */
export { DuckDBInstance } from '@duckdb/node-api';
