/** Models and formatting, without a browser; JupyterLab's packages are ES modules. */
const esModules = [
  '@jupyterlab',
  '@jupyter',
  '@microsoft',
  'exenv-es6',
  'lib0',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs',
  '@codemirror',
  '@lezer',
  '@rjsf',
  'uuid',
  'nanoid'
].join('|');

module.exports = {
  testEnvironment: 'jsdom',
  roots: ['<rootDir>/test'],
  transform: {
    '\\.[jt]sx?$': [
      'ts-jest',
      {
        tsconfig: '<rootDir>/test/tsconfig.json',
        diagnostics: { exclude: ['**/node_modules/**'] }
      }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules})/)`],
  moduleNameMapper: {
    '\\.css$': '<rootDir>/test/empty.ts',
    '\\.svg$': '<rootDir>/test/empty.ts',
    // All that models take from it is a base class.
    '^@jupyterlab/ui-components$': '<rootDir>/test/ui-components.ts'
  }
};
