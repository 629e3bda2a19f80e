export function platformOf(bytes: Buffer): string;
export function thinned(bytes: Buffer, cpu: string): Buffer;
