/**
 * Parameters described as data: one description gives the CLI option, the form, the check and the JSON schema.
 */
import * as z from 'zod/mini';

interface Common<T> {
  readonly default: T;
  /** One sentence for `--help` and forms. */
  readonly help: string;
}
export type IntegerParameter = Common<number> & {
  readonly type: 'integer';
  readonly min: number;
  readonly max: number;
};
export type NumberParameter = Common<number> & {
  readonly type: 'number';
  readonly min: number;
  readonly max: number;
};
export type BooleanParameter = Common<boolean> & { readonly type: 'boolean' };
export type ChoiceParameter<C extends string = string> = Common<C> & {
  readonly type: 'choice';
  readonly choices: readonly C[];
};
export type TextParameter = Common<string> & { readonly type: 'text'; readonly pattern?: string };
export type Parameter =
  IntegerParameter | NumberParameter | BooleanParameter | ChoiceParameter | TextParameter;

/** Parameters by name (camelCase; the CLI shows them in kebab-case). */
export type ParameterSet = Readonly<Record<string, Parameter>>;
export type ParameterValue = number | boolean | string;

type ValueOf<P> = P extends ChoiceParameter<infer C> ? C : P extends Common<infer T> ? T : never;
/** The typed values of a parameter set. */
export type ValuesOf<S extends ParameterSet> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** An integer with inclusive bounds. */
export function integer(options: Omit<IntegerParameter, 'type'>): IntegerParameter {
  return { type: 'integer', ...options };
}
/** A finite number with inclusive bounds. */
export function number(options: Omit<NumberParameter, 'type'>): NumberParameter {
  return { type: 'number', ...options };
}
export function boolean(options: Omit<BooleanParameter, 'type'>): BooleanParameter {
  return { type: 'boolean', ...options };
}
export function choice<const C extends string>(
  options: Omit<ChoiceParameter<C>, 'type'>,
): ChoiceParameter<C> {
  return { type: 'choice', ...options };
}
export function text(options: Omit<TextParameter, 'type'>): TextParameter {
  return { type: 'text', ...options };
}

function schemaOf(parameter: Parameter): z.ZodMiniType<ParameterValue> {
  switch (parameter.type) {
    case 'integer':
      return z.int().check(z.minimum(parameter.min), z.maximum(parameter.max));
    case 'number':
      return z.number().check(z.minimum(parameter.min), z.maximum(parameter.max));
    case 'boolean':
      return z.boolean();
    case 'choice':
      return z.enum(parameter.choices as [string, ...string[]]);
    case 'text':
      return parameter.pattern === undefined
        ? z.string()
        : z.string().check(z.regex(new RegExp(parameter.pattern)));
  }
}

/** The values of all defaults of a set. */
export function defaultsOf<S extends ParameterSet>(set: S): ValuesOf<S> {
  return Object.fromEntries(Object.entries(set).map(([name, p]) => [name, p.default])) as ValuesOf<S>;
}

/** One thing wrong with given values, in words a person understands. */
export interface ParameterProblem {
  readonly name: string;
  readonly message: string;
}

/**
 * Checks given values against a set and fills in defaults.
 * @returns the complete values, or every problem found (unknown names included), never both.
 */
export function readParameters<S extends ParameterSet>(
  set: S,
  given: Readonly<Record<string, unknown>>,
): { values: ValuesOf<S> } | { problems: ParameterProblem[] } {
  const problems: ParameterProblem[] = [];
  for (const [name, value] of Object.entries(given)) {
    const parameter = set[name];
    if (parameter === undefined)
      problems.push({ name, message: `is not a parameter; known: ${Object.keys(set).join(', ')}` });
    else if (!schemaOf(parameter).safeParse(value).success)
      problems.push({ name, message: `must be ${expectation(parameter)}, not ${JSON.stringify(value)}` });
  }
  if (problems.length > 0) return { problems };
  return { values: { ...defaultsOf(set), ...given } };
}

/** What a parameter accepts, in words: "an integer from 1 to 4096". */
export function expectation(parameter: Parameter): string {
  switch (parameter.type) {
    case 'integer':
      return `an integer from ${parameter.min} to ${parameter.max}`;
    case 'number':
      return `a number from ${parameter.min} to ${parameter.max}`;
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${parameter.choices.join(', ')}`;
    case 'text':
      return parameter.pattern === undefined ? 'text' : `text like ${parameter.pattern}`;
  }
}

/** `vectorSize` → `vector-size`, as the CLI spells it. */
export function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `vector_size` or `vector-size` → `vectorSize`: gensim's spelling is accepted in JSON. */
export function camelCase(name: string): string {
  return name.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
