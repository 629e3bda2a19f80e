// Lint rules, and with them the import rules between the rooms (ARCHITECTURE.md draws them).
import tseslint from 'typescript-eslint';
import js from '@eslint/js';
import { rooms } from './scripts/rooms.mjs';

export default tseslint.config(
  {
    ignores: [
      'dist/',
      '**/node_modules/',
      '**/.vscode-test/',
      '.venv/',
      'src/kernels/',
      'test-results/',
      '.recsys/',
      'coverage/',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-console': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_', argsIgnorePattern: '^_' }],
      'max-lines-per-function': ['warn', { max: 60, skipComments: true, skipBlankLines: true }],
      complexity: ['error', 15],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        Buffer: 'readonly',
        fetch: 'readonly',
      },
    },
  },
  {
    // Functions these pass to the page run in the browser.
    files: ['test/vscode/ui/**', 'test/ui/**'],
    languageOptions: {
      globals: {
        document: 'readonly',
        getComputedStyle: 'readonly',
        navigator: 'readonly',
        window: 'readonly',
      },
    },
  },
  // Declarations describe classes as others made them.
  { files: ['**/*.d.ts'], rules: { '@typescript-eslint/no-extraneous-class': 'off' } },
  {
    files: ['src/**', 'webview-ui/**'],
    plugins: { rooms },
    rules: { 'rooms/arrows': 'error', 'rooms/circles': 'error', 'rooms/late': 'error' },
  },
  {
    files: ['src/**', 'webview-ui/**'],
    ignores: ['src/extension/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'vscode', message: 'only src/extension knows VS Code.' }] },
      ],
    },
  },
  { files: ['test/**', 'bench/**'], rules: { 'no-console': 'off', 'max-lines-per-function': 'off' } },
);
