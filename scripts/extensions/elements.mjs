// Fails where a module uses an element that one of its targets does not have. tsc can't tell: the elements of all
// targets of an extension share one namespace, and Preact's own types know every HTML tag.
// usage: node scripts/extensions/elements.mjs [name…]
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, relative, resolve} from 'node:path';
import ts from 'typescript';
import {ROOT, reached, uiExtensions} from './read.mjs';

const require = createRequire(import.meta.url);
const COMPONENT = /import ["'](\.\.\/components\/[^"']+?)(?:\.d\.ts)?["']/g;
const TAG = /tagName = ['"](s-[\w-]+)['"]|\[['"](s-[\w-]+)['"]\]/;

/** The elements that Shopify's types list for a target. @param {string} target */
export function allowedIn(target) {
  const types = require.resolve(`@shopify/ui-extensions/${target}`);
  const tags = [...readFileSync(types, 'utf8').matchAll(COMPONENT)].map(([, path]) => {
    const found = readFileSync(resolve(dirname(types), `${path}.d.ts`), 'utf8').match(TAG);
    if (!found) throw new Error(`${path} of ${target} names no element`);
    return found[1] ?? found[2];
  });
  return new Set(tags);
}

/**
 * The elements that a file writes, with their lines; components are not among them.
 * @param {string} file
 */
export function elementsOf(file) {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.JSX);
  /** @type {{tag: string, line: number}[]} */
  const found = [];
  const note = (/** @type {string} */ tag, /** @type {ts.Node} */ node) =>
    found.push({tag, line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1});
  const visit = (/** @type {ts.Node} */ node) => {
    if ((ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) && /^[a-z]/.test(node.tagName.getText())) {
      note(node.tagName.getText(), node);
    } else if (ts.isStringLiteralLike(node) && /^s-[a-z-]+$/.test(node.text) && !ts.isJsxAttribute(node.parent)) {
      note(node.text, node);   // an element that is chosen while it runs
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

for (const {name, targets} of uiExtensions(process.argv.slice(2))) {
  for (const {target, module} of targets) {
    const allowed = allowedIn(target);
    let used = 0;
    for (const file of reached(module).filter((path) => /\.jsx?$/.test(path))) {
      for (const {tag, line} of elementsOf(file)) {
        used++;
        if (allowed.has(tag)) continue;
        process.exitCode = 1;
        console.error(`${relative(ROOT, file)}:${line}: <${tag}> is not there in ${target}`);
      }
    }
    console.log(`${name}: ${target} uses ${used} elements, of ${allowed.size} kinds allowed`);
  }
}
