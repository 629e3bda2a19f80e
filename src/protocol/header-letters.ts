/** So much of a text's first line is looked at for names of columns: a file may be one line of many megabytes. */
export const HEADER_LETTERS = 10_000;
