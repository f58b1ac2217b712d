import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['lib', 'node_modules', '*.cjs', '*.mjs', 'style'] },
  { plugins: { jupyter } },
  ...jupyter.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './test/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname
      }
    },
    rules: {
      '@typescript-eslint/explicit-function-return-type': [
        'error',
        { allowExpressions: true }
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      // A namespace of ids is how JupyterLab names its commands.
      '@typescript-eslint/no-namespace': 'off',
      // React takes handlers that return a promise, and passes it over.
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { attributes: false } }
      ],
      // Lumino's signals take a method and its object apart; the rule
      // require-signal-this-arg sees to the second.
      '@typescript-eslint/unbound-method': 'off',
      eqeqeq: ['error', 'always'],
      'max-lines': ['error', 350]
    }
  },
  {
    files: ['src/**/*.ts', 'src/**/*.tsx'],
    rules: { 'no-console': 'error' }
  },
  {
    files: ['test/**'],
    rules: {
      // A test's models live as long as the test.
      'jupyter/require-disposable-ownership': 'off',
      'jupyter/incorrect-translator-usage': 'off'
    }
  },
  prettier
);
