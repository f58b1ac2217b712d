/**
 * Every text that a user reads goes through the translator.
 */
import { readFileSync, readdirSync } from 'fs';
import { join, relative } from 'path';
import * as ts from 'typescript';

const SOURCES = join(__dirname, '..', 'src');
/** Attributes and properties that are read, or heard. */
const READ = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-roledescription',
  'aria-valuetext',
  'caption',
  'label',
  'placeholder',
  'title'
]);
const WORD = /\p{L}{2,}/u;

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(one => {
    const path = join(folder, one.name);
    return one.isDirectory() ? files(path) : [path];
  });
}

/** Texts in a file that nobody translates. */
function untranslated(path: string, source: string): string[] {
  const kind = path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(
    path,
    source,
    ts.ScriptTarget.Latest,
    true,
    kind
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = readText(node);
    if (text !== null && WORD.test(text)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${relative(SOURCES, path)}:${line + 1} ${text.trim()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The text that a node shows as it stands; null: none. */
function readText(node: ts.Node): string | null {
  if (ts.isJsxText(node)) {
    return node.text;
  }
  if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent)) {
    return node.expression ? literal(node.expression) : null;
  }
  if (ts.isJsxAttribute(node) && READ.has(node.name.getText())) {
    const given = node.initializer;
    return given && ts.isJsxExpression(given)
      ? given.expression
        ? literal(given.expression)
        : null
      : given
        ? literal(given)
        : null;
  }
  if (ts.isPropertyAssignment(node) && READ.has(nameOf(node))) {
    return literal(node.initializer);
  }
  return null;
}

function nameOf(node: ts.PropertyAssignment): string {
  return node.name.getText().replace(/['"]/g, '');
}

function literal(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  return ts.isTemplateExpression(node)
    ? [node.head, ...node.templateSpans.map(span => span.literal)]
        .map(one => one.text)
        .join(' ')
    : null;
}

describe('texts', () => {
  it('are told apart from what goes through the translator', () => {
    const wrong = '<p title="Run it">{`best ${x}`} now {trans.__("here")}</p>';
    expect(untranslated('one.tsx', wrong).length).toBe(3);
    const right = '<p title={trans.__("Run it")}>· {name} {`${a}.${b}`}</p>';
    expect(untranslated('one.tsx', right)).toEqual([]);
  });

  it('all go through the translator', () => {
    const sources = files(SOURCES).filter(path => /\.tsx?$/.test(path));
    const found = sources.flatMap(path =>
      untranslated(path, readFileSync(path, 'utf-8'))
    );
    expect(found).toEqual([]);
  });
});
