/** Files in the scratch folder: the rows of text formats, and the rows with what they are ordered by. */
export const SCRATCH_FILES = { rows: 'rows.parquet', ordered: 'ordered-rows.parquet' } as const;
