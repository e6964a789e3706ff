// What each folder of extensions/ is, read from its shopify.extension.toml, and which files its modules reach.
import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {basename, dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import toml from 'toml';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Another tree of extensions can be named, for tests. */
export const FOLDER = process.env.SUKI_EXTENSIONS ?? join(ROOT, 'extensions');

/**
 * @typedef {{target: string, module: string, condition?: string}} Targeting absolute paths
 * @typedef {{name: string, directory: string, type: string, handle: string, targets: Targeting[]}} Extension
 */

/**
 * The extensions, by name, or those that are named.
 * @param {string[]} [names]
 * @returns {Extension[]}
 */
export function extensions(names = []) {
  const all = readdirSync(FOLDER).filter((name) => existsSync(join(FOLDER, name, 'shopify.extension.toml'))).sort();
  const strangers = names.map((name) => basename(name)).filter((name) => !all.includes(name));
  if (strangers.length) throw new Error(`no such extension: ${strangers.join(', ')}`);
  const wanted = names.length ? names.map((name) => basename(name)) : all;
  return wanted.map(read);
}

/** The extensions that Shopify bundles and runs in its own surfaces. @param {string[]} [names] */
export const uiExtensions = (names) => extensions(names).filter(({type}) => type === 'ui_extension');

/** The theme app extensions. @param {string[]} [names] */
export const themeExtensions = (names) => extensions(names).filter(({type}) => type === 'theme');

/** @param {string} name @returns {Extension} */
function read(name) {
  const directory = join(FOLDER, name);
  const parsed = toml.parse(readFileSync(join(directory, 'shopify.extension.toml'), 'utf8'));
  const [first] = parsed.extensions ?? [parsed];
  const targets = (first.targeting ?? []).filter((/** @type {any} */ each) => each.module).map((/** @type {any} */ each) => ({
    target: each.target,
    module: there(directory, each.module),
    condition: each.should_render && there(directory, each.should_render.module),
  }));
  return {name, directory, type: first.type, handle: first.handle ?? name, targets};
}

/** @param {string} directory @param {string} module */
function there(directory, module) {
  const file = resolve(directory, module);
  if (!existsSync(file)) throw new Error(`${basename(directory)}: ${module} is not there`);
  return file;
}

const IMPORTED = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g;

/**
 * The project's own files that a module reaches by its imports, itself first.
 * @param {string} entry
 * @returns {string[]}
 */
export function reached(entry) {
  /** @type {Set<string>} */
  const seen = new Set();
  const visit = (/** @type {string} */ file) => {
    if (seen.has(file) || !existsSync(file)) return;
    seen.add(file);
    const source = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');   // types are imported in comments
    for (const [, path] of source.matchAll(IMPORTED)) visit(resolve(dirname(file), path));
  };
  visit(entry);
  return [...seen];
}
