export function lambdaCode(): Promise<Record<string, string>>;
