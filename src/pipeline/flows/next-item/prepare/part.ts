/** Part of a sequence in the table `sequences`. */
export const PART = { train: 0, validation: 1, test: 2, all: 3, dropped: 4 } as const;
